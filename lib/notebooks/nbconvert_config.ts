/**
 * The text of a configuration file of `nbconvert`.
 *
 * A kernel reports that it is idle after all outputs of a cell. Deno's kernel (2.9) sends outputs through
 * a queue, but not that report, which sometimes arrives first. nbclient then drops the late outputs
 * without an error. So this configuration sends a mark through the queue after every cell, and waits
 * for the mark. Late outputs may have the number of the mark's request instead of the cell's.
 *
 * The configuration also raises the time limits of nbclient, which a busy machine exceeds: ten minutes
 * instead of one for the kernel's start, and two minutes instead of 4 seconds for a cell's outputs after
 * its end. A cell has five minutes. A reply that was lost (see `isGarbled`) would otherwise be waited
 * for without end.
 */
export const NBCONVERT_CONFIG = `
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient

MARK = "end-of-cell"
OUTPUTS = {"clear_output", "display_data", "error", "execute_result", "stream", "update_display_data"}

until_idle = NotebookClient._async_poll_output_msg


async def until_mark(self, request, cell, index):
    await until_idle(self, request, cell, index)
    send_mark = f'Deno.jupyter.broadcast("comm_msg", {{ comm_id: "{MARK}", data: {{}} }})'
    marking = await ensure_async(self.kc.execute(send_mark, silent=True, store_history=False))
    while True:
        message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=None))
        if message["parent_header"].get("msg_id") not in (request, marking):
            continue
        if message["content"].get("comm_id") == MARK:
            return
        if message["msg_type"] in OUTPUTS:
            self.process_message(message, cell, index)


NotebookClient._async_poll_output_msg = until_mark

c = get_config()
c.ExecutePreprocessor.startup_timeout = 600
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.iopub_timeout = 120
c.ExecutePreprocessor.raise_on_iopub_timeout = True
`;
