package io.meseta.local;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.meseta.api.Futures;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerLoopsTest {
  private static String deploy(Vertx vertx) {
    return Futures.await(
        vertx.deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                return Future.succeededFuture();
              }
            }));
  }

  @Test
  void ownersThatShareAnEventLoopAreNoticed() {
    Vertx one = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    List<String> owners = List.of(deploy(one), deploy(one));
    assertThrows(IllegalStateException.class, () -> OwnerLoops.requireDistinct(one, owners));
    Futures.await(one.close());
  }

  @Test
  void ownersWithEventLoopsOfTheirOwnAreFine() {
    Vertx many = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(8));
    List<String> owners = List.of(deploy(many), deploy(many), deploy(many));
    assertDoesNotThrow(() -> OwnerLoops.requireDistinct(many, owners));
    Futures.await(many.close());
  }
}
