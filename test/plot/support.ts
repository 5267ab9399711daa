/** Reading the SVG of plots. */

/** An element with what is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: Element[];
  text: string;
}

const entities: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The root of a text that is well-formed XML; an error otherwise. */
export function parseSvg(svg: string): Element {
  const root: Element = { name: 'document', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, markup, text] of svg.trim().matchAll(/<([^<>]*)>|([^<]+)/g)) {
    const inner = open.at(-1)!;
    if (markup === undefined) {
      inner.text += decoded(text!);
    } else if (markup.startsWith('/')) {
      if (open.pop()!.name !== markup.slice(1)) throw new Error(`<${markup}> closes ${inner.name}`);
    } else {
      const made = elementOf(markup);
      inner.children.push(made);
      if (!markup.endsWith('/')) open.push(made);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('more or less than a root');
  return root.children[0]!;
}

/** All elements of a name, from the outside in. */
export function all(element: Element, name: string): Element[] {
  const own = element.name === name ? [element] : [];
  return [...own, ...element.children.flatMap((child) => all(child, name))];
}

/** The elements in groups of a class. */
export function marks(svg: string, className: string): Element[] {
  return all(parseSvg(svg), 'g')
    .filter(({ attributes }) => attributes.class === className)
    .flatMap(({ children }) => children);
}

/** All that is written, in order. */
export function texts(svg: string): string[] {
  return all(parseSvg(svg), 'text').map(({ text }) => text);
}

function elementOf(markup: string): Element {
  const form = /^([a-zA-Z]+)((?:\s+[\w:-]+="[^"]*")*)\s*\/?$/.exec(markup);
  if (!form) throw new Error(`no element: <${markup}>`);
  const pairs = [...form[2]!.matchAll(/([\w:-]+)="([^"]*)"/g)];
  const attributes = Object.fromEntries(pairs.map(([, name, value]) => [name, decoded(value!)]));
  return { name: form[1]!, attributes, children: [], text: '' };
}

function decoded(text: string): string {
  return text.replace(/&(?:(\w+);)?/g, (all, name) => {
    const character = entities[name];
    if (character === undefined) throw new Error(`no entity: ${all}`);
    return character;
  });
}
