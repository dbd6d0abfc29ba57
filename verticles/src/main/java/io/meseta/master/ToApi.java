package io.meseta.master;

import io.meseta.master.core.MasterEffect;
import java.util.List;

/**
 * Everything that one API instance must do after one tick of the master (D-5). Passed by reference
 * inside one process.
 *
 * @param epoch the leader's term; an instance drops what comes from an older one than it has seen
 * @param standing of the master now
 * @param effects answers, events and ends of streams, in order; of the kinds that name a request or
 *     a stream
 */
public record ToApi(long epoch, Standing standing, List<MasterEffect> effects) {
  public ToApi {
    effects = List.copyOf(effects);
  }
}
