package io.meseta.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.Label;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Our JSON codec against protobuf's own. Public for the code that JMH generates. */
public final class JsonBenchmark implements Benchmark {
  @Override
  public String name() {
    return "json-codec";
  }

  @Override
  public String setUp() {
    return "a TaskInfo with command, three resources and ten labels, to bytes and back, against protobuf-java-util's"
        + " JsonFormat (JMH)";
  }

  @Override
  public List<Figure> run(boolean brief) throws Exception {
    Map<String, Double> nanos = MicroBenchmark.scores(Codecs.class, brief);
    return List.of(
        Figure.of("write, Meseta", nanos.get("write"), "ns/op"),
        Figure.of("write, JsonFormat", nanos.get("writeJsonFormat"), "ns/op"),
        Figure.atLeast(
            2, "write, times faster", nanos.get("writeJsonFormat") / nanos.get("write"), "x"),
        Figure.of("read, Meseta", nanos.get("read"), "ns/op"),
        Figure.of("read, JsonFormat", nanos.get("readJsonFormat"), "ns/op"),
        Figure.atLeast(
            2, "read, times faster", nanos.get("readJsonFormat") / nanos.get("read"), "x"));
  }

  /** The measured code. */
  @State(Scope.Benchmark)
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public static class Codecs {
    private final TaskInfo task = task();
    private final byte[] json = MesosJson.write(task);
    private final JsonFormat.Printer printer =
        JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private final JsonFormat.Parser parser = JsonFormat.parser().ignoringUnknownFields();
    private final String standardJson = standard();

    private String standard() {
      try {
        return printer.print(task);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }

    @org.openjdk.jmh.annotations.Benchmark
    public byte[] write() {
      return MesosJson.write(task);
    }

    @org.openjdk.jmh.annotations.Benchmark
    public byte[] writeJsonFormat() throws InvalidProtocolBufferException {
      return printer.print(task).getBytes(StandardCharsets.UTF_8);
    }

    @org.openjdk.jmh.annotations.Benchmark
    public TaskInfo read() throws MesosJsonException {
      return MesosJson.read(json, TaskInfo.getDefaultInstance());
    }

    @org.openjdk.jmh.annotations.Benchmark
    public TaskInfo readJsonFormat() throws InvalidProtocolBufferException {
      TaskInfo.Builder builder = TaskInfo.newBuilder();
      parser.merge(standardJson, builder);
      return builder.build();
    }

    private static TaskInfo task() {
      TaskInfo.Builder task =
          TaskInfo.newBuilder()
              .setName("web-17")
              .setTaskId(
                  TaskID.newBuilder().setValue("web-17.8f6c2a10-9f7d-4d5e-a3b0-1a2b3c4d5e6f"))
              .setAgentId(AgentID.newBuilder().setValue("8f6c2a10-9f7d-4d5e-a3b0-1a2b3c4d5e6f-S12"))
              .setCommand(CommandInfo.newBuilder().setValue("./serve --port=$PORT0 --name=\"web\""))
              .addResources(scalar("cpus", 0.5))
              .addResources(scalar("mem", 512))
              .addResources(scalar("disk", 100));
      for (int i = 0; i < 10; i++) {
        task.getLabelsBuilder()
            .addLabels(Label.newBuilder().setKey("label-" + i).setValue("value of " + i));
      }
      return task.build();
    }

    private static Resource scalar(String name, double value) {
      return Resource.newBuilder()
          .setName(name)
          .setType(Value.Type.SCALAR)
          .setScalar(Value.Scalar.newBuilder().setValue(value))
          .build();
    }
  }
}
