package io.meseta.clients;

import com.mesosphere.mesos.rx.java.AwaitableSubscription;
import com.mesosphere.mesos.rx.java.SinkOperation;
import com.mesosphere.mesos.rx.java.SinkOperations;
import com.mesosphere.mesos.rx.java.protobuf.ProtobufMesosClientBuilder;
import com.mesosphere.mesos.rx.java.protobuf.SchedulerCalls;
import com.mesosphere.mesos.rx.java.util.UserAgentEntries;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import rx.Observable;

/**
 * A framework as a user of mesos-rxjava would write it: launches tasks, acknowledges, prints each
 * state, exits with 0 when all have finished.
 *
 * <p>Usage: {@code RxJavaFramework http://HOST:PORT USER TASKS}
 */
public final class RxJavaFramework {
  private static final double CPUS = 0.1;
  private static final double MEM = 16;

  private final int count;
  private final AtomicInteger launched = new AtomicInteger();
  private final Map<String, TaskState> states = new ConcurrentHashMap<>();
  private final CountDownLatch ended;
  private volatile FrameworkID frameworkId;

  private RxJavaFramework(int count) {
    this.count = count;
    this.ended = new CountDownLatch(count);
  }

  public static void main(String[] args) throws Exception {
    RxJavaFramework framework = new RxJavaFramework(Integer.parseInt(args[2]));
    AwaitableSubscription stream =
        ProtobufMesosClientBuilder.schedulerUsingProtos()
            .mesosUri(URI.create(args[0] + "/api/v1/scheduler"))
            .applicationUserAgentEntry(UserAgentEntries.literal("rxjava-framework", "1"))
            .subscribe(SchedulerCalls.subscribe("", args[1], "rxjava", 0))
            .processStream(framework::process)
            .build()
            .openStream();
    boolean all = framework.ended.await(60, TimeUnit.SECONDS);
    // The last acknowledgement may still be on its way.
    TimeUnit.MILLISECONDS.sleep(500);
    stream.unsubscribe();
    long finished =
        framework.states.values().stream().filter(s -> s == TaskState.TASK_FINISHED).count();
    System.out.println("framework " + framework.frameworkId.getValue());
    System.out.println("finished " + finished + " of " + framework.count);
    System.exit(all && finished == framework.count ? 0 : 1);
  }

  private Observable<Optional<SinkOperation<Call>>> process(Observable<Event> events) {
    return events.concatMap(event -> Observable.from(answers(event)));
  }

  private List<Optional<SinkOperation<Call>>> answers(Event event) {
    List<Optional<SinkOperation<Call>>> answers = new ArrayList<>();
    switch (event.getType()) {
      case SUBSCRIBED:
        frameworkId = event.getSubscribed().getFrameworkId();
        break;
      case OFFERS:
        for (Offer offer : event.getOffers().getOffersList()) {
          answers.add(Optional.of(SinkOperations.create(use(offer))));
        }
        break;
      case UPDATE:
        TaskStatus status = event.getUpdate().getStatus();
        note(status);
        if (status.hasUuid()) {
          answers.add(
              Optional.of(
                  SinkOperations.create(
                      SchedulerCalls.ackUpdate(
                          frameworkId,
                          status.getUuid(),
                          status.getAgentId(),
                          status.getTaskId()))));
        }
        break;
      default:
        break;
    }
    return answers;
  }

  private void note(TaskStatus status) {
    String task = status.getTaskId().getValue();
    TaskState before = states.put(task, status.getState());
    if (before != status.getState()) {
      System.out.println(task + " " + status.getState());
      if (status.getState().getNumber() >= TaskState.TASK_FINISHED_VALUE
          && status.getState().getNumber() <= TaskState.TASK_LOST_VALUE) {
        ended.countDown();
      }
    }
  }

  private Call use(Offer offer) {
    double cpus = amount(offer, "cpus");
    double mem = amount(offer, "mem");
    List<TaskInfo> tasks = new ArrayList<>();
    while (launched.get() < count && cpus >= CPUS && mem >= MEM) {
      tasks.add(task(offer, launched.getAndIncrement()));
      cpus -= CPUS;
      mem -= MEM;
    }
    if (tasks.isEmpty()) {
      return SchedulerCalls.decline(frameworkId, List.of(offer.getId()));
    }
    return Call.newBuilder()
        .setFrameworkId(frameworkId)
        .setType(Call.Type.ACCEPT)
        .setAccept(
            Call.Accept.newBuilder()
                .addOfferIds(offer.getId())
                .addOperations(
                    Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(tasks))))
        .build();
  }

  private static double amount(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  private static TaskInfo task(Offer offer, int number) {
    String id = "rx-" + number;
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(
            CommandInfo.newBuilder().setShell(true).setValue("echo output of task " + number))
        .addResources(scalar("cpus", CPUS))
        .addResources(scalar("mem", MEM))
        .build();
  }

  private static Resource scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setRole("*")
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }
}
