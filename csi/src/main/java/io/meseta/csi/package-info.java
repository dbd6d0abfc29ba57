/**
 * Where data lives: the container orchestrator's side of the Container Storage Interface.
 *
 * <p>Owns the CSI schema and the seam through which plugins run ({@link
 * io.meseta.csi.PluginContainers}). Must not know how containers are made. The client, the volume
 * state machine and the storage local resource provider build on these.
 */
@NullMarked
package io.meseta.csi;

import org.jspecify.annotations.NullMarked;
