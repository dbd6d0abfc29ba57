package io.meseta.master.core;

import java.util.Optional;

/**
 * One mutation of the master's books (D-8). Applying all changes of an epoch in order of their
 * sequence, to the views of an earlier moment, gives the views of the later one.
 *
 * @param epoch the leader's term
 * @param sequence counts the changes of one term from 1, without gaps
 * @param view the entity after the change; empty when it left its kind
 */
public record Change(
    long epoch, long sequence, Kind kind, View.Kind entity, String id, Optional<View> view) {
  /** What happened to the entity. */
  public enum Kind {
    ADDED,
    UPDATED,
    REMOVED
  }
}
