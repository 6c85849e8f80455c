/// <reference lib="webworker" />
/**
 * A thread that works for a master.
 *
 * @module
 */
import type { TeamTask } from "./messages.ts";
import { teamMember } from "./team_member.ts";

const member = teamMember((answer) => self.postMessage(answer));

self.onmessage = ({ data }: MessageEvent<TeamTask>) => member.carryOut(data);
