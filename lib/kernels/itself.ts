/**
 * Private fields on any object. A class that extends this one adds its fields to the object it is given,
 * where nobody else can read or forge them. Compiled code finds such a field at once, while it takes a
 * call to ask a WeakSet, which networks of a few neurons would notice.
 *
 * @module
 */

/** Makes nothing: `new` returns the object that it is given. */
export class Itself {
  constructor(object: object) {
    return object;
  }
}
