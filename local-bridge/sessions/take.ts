// Puts what was told into what is known, and finds the images that are not as they were.

import type { Image } from '../../src/panel/view/listed.ts'
import type { Model, Told } from '../../src/panel/view/model.ts'

/** Gives the images whose state is another one than before; one that was not known has not changed. */
export function takeTold(model: Model, told: Told, mark: number): readonly Image[] {
  const before = new Map(model.images)
  model.take(told, mark)
  return [...model.images.values()].filter((image) => {
    const known = before.get(image.image_id)
    return known !== undefined && stateOf(known) !== stateOf(image)
  })
}

function stateOf({ image_status, connection_status }: Image): string {
  return `${image_status} ${connection_status}`
}
