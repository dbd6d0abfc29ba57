package io.meseta.local;

import io.meseta.api.Futures;
import io.meseta.master.MasterSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Local clusters for tests: any free port, no agents, and late event loops are told at once. */
final class TestNodes {
  private TestNodes() {}

  static LocalNode start(Path workDir, Map<String, String> flags) {
    return Futures.await(LocalNode.start(options(workDir, flags)));
  }

  static LocalOptions options(Path workDir, Map<String, String> flags) {
    Map<String, String> all = new HashMap<>(Map.of("allocation_interval", "50ms"));
    all.putAll(flags);
    return LocalOptions.of(workDir, "127.0.0.1", 0, MasterSettings.of(all), List.of())
        .withBlockedThreadCheck(Duration.ofMillis(100));
  }
}
