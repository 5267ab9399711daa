/**
 * JavaScript cannot overload `x[0]` and `x[0] = v`: on a traced value the one would be undefined and the other without
 * effect, both silently. This refuses them.
 */
import { error } from '../lib/errors.ts';
import { captureLocation } from './location.ts';

/**
 * Stands at the end of the prototypes of traced values, so it is asked only for properties that they do not have.
 *
 * @throws UNSUPPORTED when an integer is read or written as a property
 */
export const subscriptGuard: object = new Proxy(
  {},
  {
    get(target, key, receiver) {
      if (isSubscript(key)) throw refusal(`x[${key}]`, `read with x.at(${key})`);
      return Reflect.get(target, key, receiver);
    },
    set(target, key, value, receiver) {
      if (isSubscript(key)) throw refusal(`x[${key}] = v`, `write x = x.set([${key}], v)`);
      return Reflect.set(target, key, value, receiver);
    },
  },
);

function isSubscript(key: string | symbol): key is string {
  return typeof key === 'string' && /^-?\d+$/.test(key);
}

function refusal(given: string, remedy: string): Error {
  return error('UNSUPPORTED', {
    what: 'a traced value',
    given,
    remedy,
    location: captureLocation(),
  });
}
