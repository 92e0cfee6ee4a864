// How a class is named: a metaclass, and the class side of a trait, count as what they belong to.

const CLASS_SIDE = / class(Trait)?$/

/** @example classNamed('Point class') === 'Point' */
export function classNamed(name: string): string {
  return name.trim().replace(CLASS_SIDE, '')
}
