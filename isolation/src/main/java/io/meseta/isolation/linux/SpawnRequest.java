package io.meseta.isolation.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process to start. No text may hold a NUL character.
 *
 * @param executable a path, or a name to look up in the {@code PATH} of {@code environment}
 * @param argv all of it, {@code argv[0]} included
 * @param environment all of it, in order
 * @param user empty for the JVM's own
 */
public record SpawnRequest(
    String executable,
    List<String> argv,
    Map<String, String> environment,
    Path workingDirectory,
    Optional<String> user,
    Path stdout,
    Path stderr) {}
