package io.meseta.api;

import io.meseta.bus.Bus;
import io.meseta.bus.Catalogue;
import io.meseta.master.MasterAddresses;
import io.meseta.master.Standing;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.scheduler.Call;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One API instance with a scripted master behind it, on a port of its own. */
final class ApiFixture implements AutoCloseable {
  static final String NODE = "test";
  static final String PATH = "/api/v1/scheduler";

  final Vertx vertx;
  final Bus bus;
  final ScriptedMaster master;
  final ApiVerticle api;
  private final String deployment;

  private ApiFixture(Standing standing, UnaryOperator<ApiOptions> change) {
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setMaxEventLoopExecuteTime(100)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS));
    bus = Bus.open(vertx, Catalogue.of(MasterAddresses.ALL));
    master = new ScriptedMaster(vertx, bus, NODE, standing);
    api =
        ApiVerticle.forMaster(
            change.apply(ApiOptions.of(NODE, "127.0.0.1", ApiOptions.ANY_PORT)), 0, bus);
    deployment = Futures.await(vertx.deployVerticle(api));
    if (standing.phase() == Standing.Phase.LEADING) {
      Futures.await(api.leading());
    } else {
      master.nextAttachment(io.meseta.master.FromApi.Attach.class);
    }
  }

  static ApiFixture start() {
    return start(options -> options);
  }

  static ApiFixture start(UnaryOperator<ApiOptions> change) {
    return new ApiFixture(ScriptedMaster.LEADING, change);
  }

  static ApiFixture start(Standing standing) {
    return new ApiFixture(standing, options -> options);
  }

  RawHttp connect() {
    return RawHttp.connect(api.port());
  }

  /** One request on a connection of its own. */
  RawHttp.Response post(Map<String, String> headers, byte[] body) {
    return exchange("POST", PATH, headers, body);
  }

  RawHttp.Response exchange(String method, String path, Map<String, String> headers, byte[] body) {
    try (RawHttp http = connect()) {
      return http.exchange(method, path, headers, body);
    }
  }

  void undeploy() {
    Futures.await(vertx.undeploy(deployment));
  }

  @Override
  public void close() {
    Futures.await(vertx.close());
  }

  // Calls

  static Call subscribe() {
    return Call.newBuilder()
        .setType(Call.Type.SUBSCRIBE)
        .setSubscribe(
            Call.Subscribe.newBuilder()
                .setFrameworkInfo(
                    FrameworkInfo.newBuilder().setUser("root").setName("test").addRoles("r1")))
        .build();
  }

  static Call revive() {
    return Call.newBuilder()
        .setType(Call.Type.REVIVE)
        .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
        .build();
  }
}
