// report_image_status: a bridge tells how it sees an image. Rows are keyed by who reports: nobody speaks for another.

import { statusOf } from '../../image/status.ts'
import { toldImage } from '../../image/told.ts'
import { succeed } from '../../outcome.ts'
import { imageAddress } from '../../protocol/image-address.ts'
import type { TeamHandler } from '../context.ts'
import { changeOf, isSame } from '../image-changes.ts'
import { reporterOf, type Told } from '../image-reports.ts'

export const reportImageStatus: TeamHandler<'report_image_status'> = (
  parameters,
  { images, events, caller, now }
) => {
  const { image_id, status, address, name, version, metadata } = parameters
  const { round_trip_ms, epoch, classes } = parameters
  const told: Told = {
    image_id,
    reporter: reporterOf(caller.subject, parameters.reporter ?? ''),
    reported_status: status,
    ...(address !== undefined && { image_address: imageAddress(address) ?? '' }),
    ...(name !== undefined && { image_name: name }),
    ...(version !== undefined && { image_version: version }),
    ...(metadata !== undefined && { image_metadata: metadata }),
    ...(round_trip_ms !== undefined && { round_trip_ms }),
    ...(epoch !== undefined && { epoch }),
  }
  const { subject } = caller
  const views = () => ({
    all: statusOf(images.one(image_id, now), now),
    own: statusOf(images.one(image_id, now, subject), now),
  })
  const before = views()
  const taken = images.report(told, now, classes)
  if (!taken.ok) return taken
  const { all, own } = views()
  if (taken.value.isRestarted && epoch !== undefined) {
    events.imageRestarted({ ...changeOf(image_id, subject, all, own), epoch }, now)
  }
  const isHealthSame = before.own.connection_health === own.connection_health
  if (!isHealthSame || !isSame(before.all, all) || !isSame(before.own, own)) {
    events.imageChanged(changeOf(image_id, subject, all, own), now)
  }
  return succeed(toldImage(images.one(image_id, now, subject), now))
}
