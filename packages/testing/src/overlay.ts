/** `inner` with some of its members replaced: a test's fault in one place, and all else as it is. */
export function overlay<Inner extends object>(inner: Inner, changes: Partial<Inner>): Inner {
  return new Proxy(inner, {
    get: (_, key) => {
      const owner: object = Object.hasOwn(changes, key) ? changes : inner;
      const member: unknown = Reflect.get(owner, key);
      return typeof member === 'function' ? (member.bind(owner) as unknown) : member;
    },
  });
}
