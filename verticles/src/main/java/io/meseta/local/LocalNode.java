package io.meseta.local;

import io.meseta.agent.AgentOptions;
import io.meseta.agent.AgentVerticle;
import io.meseta.api.ApiLevel;
import io.meseta.api.ApiOptions;
import io.meseta.api.ApiVerticle;
import io.meseta.api.FirewallRules;
import io.meseta.bus.Bus;
import io.meseta.bus.Catalogue;
import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Clock;
import io.meseta.kernel.Ids;
import io.meseta.kernel.Rng;
import io.meseta.link.BusAgentLink;
import io.meseta.link.LinkAddresses;
import io.meseta.master.MasterAddresses;
import io.meseta.master.MasterNode;
import io.meseta.master.MasterVerticle;
import io.meseta.metrics.MicrometerMeters;
import io.meseta.schema.v1.Address;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.security.Authenticator;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running local cluster. Methods may be called from any thread. */
public final class LocalNode {
  private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

  /** The node's name on its bus. */
  private static final String NODE = "local";

  /** Event loops beyond those of owners and API instances (D-4). */
  private static final int SPARE_LOOPS = 2;

  /** The parts of an orderly stop may take so long, then the rest is cut off. */
  private static final long STOP_SECONDS = 5;

  private final LocalOptions options;
  private final Vertx vertx;
  private final Bus bus;
  private final MicrometerMeters meters = new MicrometerMeters();
  private final Promise<String> failure = Promise.promise();
  private final List<String> agents = new ArrayList<>();
  private final List<Future<String>> registrations = new ArrayList<>();
  private final List<String> agentApis = new ArrayList<>();
  private final List<String> masterApis = new ArrayList<>();
  private String master = "";
  private String masterId = "";
  private int port;

  private LocalNode(LocalOptions options) {
    this.options = options;
    int owners = 1 + options.agents().size();
    int apis = options.apiInstances() + options.agents().size();
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(owners + apis + SPARE_LOOPS)
                .setMaxEventLoopExecuteTime(options.blockedThreadCheck().toMillis())
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(options.blockedThreadCheck().toMillis() * 2)
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS));
    this.bus = Bus.open(vertx, Catalogue.of(MasterAddresses.ALL, LinkAddresses.ALL));
  }

  /**
   * Starts everything. Complete when the port is open and calls are taken; agents are on their way.
   *
   * @return fails, with nothing left running, if a part cannot start: a port or a directory that is
   *     in use ({@link java.net.BindException}, {@link
   *     io.meseta.log.journal.DirectoryInUseException}, {@link
   *     io.meseta.agent.AgentStartException}), or a flag that makes no sense ({@link
   *     IllegalArgumentException})
   */
  public static Future<LocalNode> start(LocalOptions options) {
    LocalNode node = new LocalNode(options);
    Future<Void> started;
    try {
      started = node.startMaster().compose(leading -> node.startAgents());
    } catch (IllegalArgumentException e) {
      started = Future.failedFuture(e);
    }
    return started
        .map(
            running -> {
              List<String> owners = new ArrayList<>(node.agents);
              owners.add(node.master);
              OwnerLoops.requireDistinct(node.vertx, owners);
              return node;
            })
        .recover(cause -> node.stop().transform(stopped -> Future.failedFuture(cause)));
  }

  private Future<Void> startMaster() {
    ApiOptions api =
        ApiOptions.of(
                NODE, options.ip(), options.port() == 0 ? ApiOptions.ANY_PORT : options.port())
            .withAuthenticator(options.master().authenticator())
            .withForbiddenPaths(
                options.master().firewallRules().map(FirewallRules::read).orElse(Set.of()))
            .withLimits(options.limits());
    List<ApiVerticle> instances = new ArrayList<>();
    Future<Void> listening = Future.succeededFuture();
    for (int i = 0; i < options.apiInstances(); i++) {
      ApiVerticle instance = ApiVerticle.forMaster(api, i, bus);
      instances.add(instance);
      listening =
          listening.compose(
              previous -> vertx.deployVerticle(instance).onSuccess(masterApis::add).mapEmpty());
    }
    // The master tells its port to frameworks, so the port is opened first; calls get 503 until the
    // master takes them.
    return listening
        .compose(
            open -> {
              port = instances.getFirst().port();
              return vertx.deployVerticle(new MasterVerticle(masterNode(), bus, Clock.system()));
            })
        .compose(
            id -> {
              master = id;
              return Future.all(instances.stream().map(ApiVerticle::leading).toList());
            })
        .mapEmpty();
  }

  private MasterNode masterNode() {
    MasterInfo info = masterInfo();
    masterId = info.getId();
    return new MasterNode(
        NODE,
        options.workDir().resolve("registry"),
        epoch -> options.master().options(info, epoch),
        options.master().allocator(),
        meters,
        Authorizer.PERMISSIVE,
        Authenticator.NONE,
        failure::tryComplete);
  }

  private MasterInfo masterInfo() {
    String hostname = options.master().hostname().orElse(options.ip());
    return MasterInfo.newBuilder()
        .setId(Ids.uuid(Rng.secure()).toString())
        .setIp(networkOrder(options.ip()))
        .setPort(port)
        .setPid("master@" + options.ip() + ":" + port)
        .setHostname(hostname)
        .setVersion(ApiLevel.VERSION)
        .setAddress(Address.newBuilder().setHostname(hostname).setIp(options.ip()).setPort(port))
        .addCapabilities(capability(MasterInfo.Capability.Type.AGENT_UPDATE))
        .addCapabilities(capability(MasterInfo.Capability.Type.AGENT_DRAINING))
        .addCapabilities(capability(MasterInfo.Capability.Type.QUOTA_V2))
        .build();
  }

  private static MasterInfo.Capability capability(MasterInfo.Capability.Type type) {
    return MasterInfo.Capability.newBuilder().setType(type).build();
  }

  /** The old field's notation: the bytes of an IPv4 address, the first one lowest; 0 for others. */
  private static int networkOrder(String ip) {
    try {
      byte[] bytes = InetAddress.getByName(ip).getAddress();
      int value = 0;
      for (int i = 3; i >= 0 && bytes.length == 4; i--) {
        value = (value << 8) | (bytes[i] & 0xFF);
      }
      return value;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("--ip: '" + ip + "' is not an address", e);
    }
  }

  private Future<Void> startAgents() {
    Future<Void> started = Future.succeededFuture();
    for (int i = 0; i < options.agents().size(); i++) {
      AgentOptions agent = options.agents().get(i);
      // Each agent has a port of its own: any free one must not be shared with its neighbours.
      int anyPort = ApiOptions.ANY_PORT - 1 - i;
      started = started.compose(previous -> startAgent(agent, anyPort));
    }
    return started;
  }

  private Future<Void> startAgent(AgentOptions agent, int anyPort) {
    ApiVerticle api =
        ApiVerticle.forAgent(
            ApiOptions.of(NODE, agent.ip(), agent.port() == 0 ? anyPort : agent.port())
                .withLimits(options.limits()),
            0,
            agent.workDir());
    return vertx
        .deployVerticle(api)
        .compose(
            id -> {
              agentApis.add(id);
              AgentVerticle verticle =
                  new AgentVerticle(
                      AgentPorts.bound(agent, api.port()), new BusAgentLink(vertx, bus, NODE));
              registrations.add(verticle.registered());
              verticle
                  .failed()
                  .onSuccess(
                      reason ->
                          failure.tryComplete(
                              "the agent of " + agent.workDir() + " cannot go on: " + reason));
              return vertx.deployVerticle(verticle);
            })
        .onSuccess(agents::add)
        .mapEmpty();
  }

  /** For tests that put something of their own on the bus. */
  Vertx vertx() {
    return vertx;
  }

  Bus bus() {
    return bus;
  }

  /** The port of the master's HTTP side. */
  public int port() {
    return port;
  }

  /** The id of this incarnation of the master, the prefix of all ids that it gives out. */
  public String masterId() {
    return masterId;
  }

  /** What all parts count. */
  public MicrometerMeters meters() {
    return meters;
  }

  /** Completes with the reason if the cluster cannot go on: the process should end. */
  public Future<String> failure() {
    return failure.future();
  }

  /** Completes with the ids of all agents, in the order of the options, when they have them. */
  public Future<List<String>> registered() {
    return Future.all(registrations).map(CompositeFuture::list);
  }

  /**
   * Stops in order, within about 5 s: agents with their tasks and the master, which ends every
   * stream, then the ports.
   */
  public Future<Void> stop() {
    Future<Void> stopped =
        Future.join(undeploy(agents), undeploy(master.isEmpty() ? List.of() : List.of(master)))
            .<Void>mapEmpty()
            .eventually(() -> undeploy(masterApis))
            .eventually(() -> undeploy(agentApis));
    return stopped
        .timeout(STOP_SECONDS, TimeUnit.SECONDS)
        .otherwise(
            cause -> {
              LOG.atWarn()
                  .addKeyValue("reason", cause.getMessage())
                  .log("not everything stopped in order");
              return null;
            })
        .eventually(vertx::close);
  }

  private Future<Void> undeploy(List<String> ids) {
    return Future.join(ids.stream().map(vertx::undeploy).toList()).mapEmpty();
  }
}
