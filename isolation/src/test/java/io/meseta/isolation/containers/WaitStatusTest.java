package io.meseta.isolation.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.testing.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WaitStatusTest {
  @ParameterizedTest
  @CsvSource({
    "0,Command exited with status 0",
    "256,Command exited with status 1",
    "32512,Command exited with status 127",
    "65280,Command exited with status 255",
    "9,Command terminated with signal Killed",
    "15,Command terminated with signal Terminated",
    "139,Command terminated with signal Segmentation fault (core dumped)",
    "34,Command terminated with signal Real-time signal 0",
    "32,Command terminated with signal Unknown signal 32",
    "4991,Command ended with wait status 4991"
  })
  @Scenario("X-3")
  void saysHowTheCommandEnded(int raw, String message) {
    assertEquals(message, new WaitStatus(raw).message());
  }

  @Test
  void onlyExitCodeZeroIsSuccess() {
    assertTrue(WaitStatus.ofExit(0).succeeded());
    assertFalse(WaitStatus.ofExit(1).succeeded());
    assertFalse(WaitStatus.ofSignal(15).succeeded());
  }

  @Test
  void takesStatusesApart() {
    assertEquals(3, WaitStatus.ofExit(3).exitCode());
    assertEquals(new WaitStatus(768), WaitStatus.ofExit(3));
    assertEquals(15, WaitStatus.ofSignal(15).signal());
    assertTrue(WaitStatus.ofSignal(15).signaled());
    assertFalse(WaitStatus.ofExit(15).signaled());
    assertFalse(WaitStatus.ofSignal(15).coreDumped());
  }
}
