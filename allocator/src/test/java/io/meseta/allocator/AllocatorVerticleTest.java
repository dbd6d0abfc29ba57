package io.meseta.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Clock;
import io.meseta.kernel.Meters;
import io.meseta.kernel.Rng;
import io.meseta.resources.Resources;
import io.meseta.testing.Scenario;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AllocatorVerticleTest {
  private record Delivery(Thread thread, List<AllocatorEffect> effects) {}

  private static final AllocatorInput AGENT =
      new AllocatorInput.AddAgent(
          "A",
          AllocatorDriver.agentInfo("A").build(),
          AllocatorDriver.allCapabilities(),
          Resources.parse("cpus:1"),
          Map.of());
  private static final AllocatorInput FRAMEWORK =
      new AllocatorInput.AddFramework(
          "F", AllocatorDriver.info("role").build(), Map.of(), true, Set.of());

  private final Vertx vertx = Vertx.vertx();
  private final LinkedBlockingQueue<Delivery> out = new LinkedBlockingQueue<>();
  private final AllocatorVerticle verticle =
      new AllocatorVerticle(
          new Allocator(
              AllocatorDriver.scenarioOptions().withAllocationInterval(Duration.ofMillis(20)),
              Rng.seeded(1)),
          Clock.system(),
          Meters.NONE,
          effects -> out.add(new Delivery(Thread.currentThread(), effects)));

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  @Scenario("D-4")
  void inputsAreAnsweredOnOneWorkerThread() throws Exception {
    verticle.deliver(List.of(AGENT));
    deploy();
    verticle.deliver(List.of(FRAMEWORK));
    Delivery first = next();
    AllocatorEffect.Offers offers =
        assertInstanceOf(AllocatorEffect.Offers.class, first.effects().get(0));
    assertEquals("F", offers.frameworkId());
    assertTrue(first.thread().getName().startsWith("meseta-allocator"), first.thread().getName());

    // Recovering triggers nothing with these options: the timer of the batch brings it back.
    verticle.deliver(
        List.of(
            new AllocatorInput.RecoverResources(
                "F", "A", Resources.parse("cpus:1").allocate("role"), Optional.empty(), false)));
    Delivery second = next();
    assertEquals(first.effects(), second.effects());
    assertEquals(first.thread(), second.thread());
    assertEquals(0, verticle.pending());
  }

  @Test
  void inputsBeyondTheBoundAreRefusedAsAWhole() throws Exception {
    verticle.deliver(
        Collections.nCopies(
            AllocatorVerticle.MAX_PENDING - 1, new AllocatorInput.RemoveAgent("nobody")));
    assertThrows(IllegalStateException.class, () -> verticle.deliver(List.of(AGENT, FRAMEWORK)));
    verticle.deliver(List.of(FRAMEWORK));
    deploy();
    while (verticle.pending() > 0) {
      Thread.onSpinWait();
    }
    verticle.deliver(List.of(AGENT));
    assertNotNull(next(), "the queue has room again");
  }

  @Test
  @Scenario("D-12")
  void afterTheEndNothingHappens() throws Exception {
    String id = vertx.deployVerticle(verticle, AllocatorVerticle.deployment()).await();
    vertx.undeploy(id).await(10, TimeUnit.SECONDS);
    verticle.deliver(List.of(AGENT, FRAMEWORK));
    assertEquals(0, verticle.pending());
    assertTrue(out.isEmpty());
  }

  private void deploy() throws Exception {
    vertx.deployVerticle(verticle, AllocatorVerticle.deployment()).await(10, TimeUnit.SECONDS);
  }

  private Delivery next() throws InterruptedException {
    Delivery delivery = out.poll(10, TimeUnit.SECONDS);
    assertNotNull(delivery, "no effects");
    return delivery;
  }
}
