/** Updates one weight more than there are: the sanitizer must end this program. */
import { sanitized } from "./sanitized_back_ends.ts";

const { functions, address } = sanitized[0];
const array = () => address(new Float32Array(40));
functions.sgd_update(0, 41, array(), array(), array(), 0.1, 0.9, 0, 0);
