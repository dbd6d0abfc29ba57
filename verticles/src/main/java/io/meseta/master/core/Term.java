package io.meseta.master.core;

import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Timers;
import io.meseta.schema.v1.MasterInfo;

/**
 * What every family of calls works on: one object graph per leadership term, thrown away as a whole
 * when the term ends (D-12).
 *
 * @param info as frameworks see this master; its id is the prefix of every id that it gives out
 */
record Term(
    MasterOptions options,
    MasterInfo info,
    Books books,
    Outbox out,
    ViewKeeper views,
    MasterMeters meters,
    Timers<Alarm> timers,
    Authorizer authorizer) {
  long now() {
    return out.now();
  }

  String masterId() {
    return info.getId();
  }
}
