/**
 * How `jupyter nbconvert` has to execute a notebook on Deno's kernel for no output to be lost.
 *
 * @module
 */

/**
 * The text of a configuration file of `nbconvert`.
 *
 * A client of a kernel takes a cell to have shown all when the kernel says that it is idle. Deno's
 * kernel (2.9) publishes what a cell shows from a queue, but says that it is idle past that queue, so
 * now and then it is idle first: nbclient has then gone on and drops the output, without a word. So
 * after each cell a request here sends a mark through the queue, and the cell is done when the mark
 * has come. What comes late may bear the number of that request instead of the cell's.
 *
 * Besides, nbclient gives a kernel a minute to start, and the outputs of a cell 4 seconds after its
 * end, and then goes on without them; on a busy machine both may take longer.
 * Two minutes are enough for outputs, and five for a cell: then something was swallowed (see
 * `isGarbled`). Without that limit a swallowed reply is waited for for ever.
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
