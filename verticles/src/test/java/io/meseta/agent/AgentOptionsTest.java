package io.meseta.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Flag;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The flags and what they become. */
class AgentOptionsTest {
  @Test
  @Scenario("D-19")
  void defaultsAreUpstreams() {
    AgentOptions options = AgentOptions.of(Map.of("work_dir", "/w"));
    assertEquals(5051, options.port());
    assertEquals("*", options.defaultRole());
    assertEquals(Duration.ofSeconds(1), options.registrationBackoffFactor());
    assertEquals(Duration.ofSeconds(5), options.executorShutdownGracePeriod());
    assertEquals(Duration.ofSeconds(2), options.executorReregistrationTimeout());
    assertEquals(Duration.ofMinutes(15), options.recoveryTimeout());
    assertTrue(options.switchUser());
    assertTrue(options.hostnameLookup());
    assertEquals(Map.of(), options.executorEnvironmentVariables());
  }

  @Test
  void everyFlagIsListedOnceWithAText() {
    Set<String> names = new HashSet<>();
    for (Flag<?> flag : AgentFlags.ALL) {
      assertTrue(names.add(flag.name()), flag.name());
      assertFalse(flag.description().isEmpty(), flag.name());
      flag.defaultText().ifPresent(flag::read);
    }
  }

  @Test
  @Scenario("A-5")
  void wrongValuesAreNamed() {
    refused("work_dir", Map.of());
    refused("registration_backoff_factor", Map.of("registration_backoff_factor", "2mins"));
    refused("port", Map.of("port", "65536"));
    refused("executor_environment_variables", Map.of("executor_environment_variables", "{"));
    refused("executor_environment_variables", Map.of("executor_environment_variables", "[]"));
    refused(
        "executor_environment_variables", Map.of("executor_environment_variables", "{\"A\": 1}"));
    refused("no_such_flag", Map.of("no_such_flag", "1"));
  }

  @Test
  void variablesAreReadFromJson() {
    AgentOptions options =
        AgentOptions.of(
            Map.of("work_dir", "/w", "executor_environment_variables", "{\"A\": \"b=c\"}"));
    assertEquals(Map.of("A", "b=c"), options.executorEnvironmentVariables());
  }

  private static void refused(String flag, Map<String, String> texts) {
    Map<String, String> all = new HashMap<>(texts);
    if (!texts.isEmpty()) {
      all.put("work_dir", "/w");
    }
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> AgentOptions.of(all));
    assertTrue(failure.getMessage().startsWith("--" + flag + ": "), failure.getMessage());
  }
}
