package io.meseta.master;

import io.meseta.schema.v1.MasterInfo;
import java.util.Optional;

/**
 * What an API instance knows of the master, which decides checks T-5 and T-6.
 *
 * @param phase whether calls are taken
 * @param leader where calls are taken, if that is known
 */
public record Standing(Phase phase, Optional<MasterInfo> leader) {
  /** Nothing has been heard. */
  public static final Standing UNKNOWN = new Standing(Phase.RECOVERING, Optional.empty());

  /** Whether calls are taken. */
  public enum Phase {
    /** This node leads, or will, and has not read its registry yet. */
    RECOVERING,
    /** This node leads and takes calls. */
    LEADING,
    /** Another node leads, or nobody does. */
    FOLLOWING
  }
}
