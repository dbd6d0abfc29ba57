package io.meseta.json;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.meseta.schema.v1.master.Response;
import io.meseta.testing.RandomMessages;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The reason for a mapping of our own beyond its rules: protobuf's takes at least twice as long.
 * The best of many short rounds is compared, so that a busy machine slows both alike.
 */
@Tag("nightly")
final class JsonSpeedTest {
  private static final int ROUNDS = 30;
  private static final long ROUND_NANOS = 50_000_000;
  private static final double GAIN = 2;

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace().preservingProtoFieldNames();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private static Response agents() {
    RandomMessages random = RandomMessages.seeded(1);
    Response.Builder response = Response.newBuilder().setType(Response.Type.GET_TASKS);
    for (int i = 0; i < 50; i++) {
      response
          .getGetTasksBuilder()
          .addTasks(random.next(io.meseta.schema.v1.Task.getDefaultInstance()));
    }
    return response.build();
  }

  @Test
  void writingIsTwiceAsFast() throws Exception {
    Response response = agents();

    double gain =
        gain(
            () -> MesosJson.write(response),
            () -> PRINTER.print(response).getBytes(StandardCharsets.UTF_8));

    assertTrue(gain >= GAIN, "gain " + gain);
  }

  @Test
  void readingIsTwiceAsFast() throws Exception {
    Response response = agents();
    byte[] ours = MesosJson.write(response);
    byte[] theirs = PRINTER.print(response).getBytes(StandardCharsets.UTF_8);

    double gain =
        gain(
            () -> MesosJson.read(ours, Response.getDefaultInstance()),
            () -> {
              Message.Builder builder = Response.newBuilder();
              PARSER.merge(new String(theirs, StandardCharsets.UTF_8), builder);
              return builder.build();
            });

    assertTrue(gain >= GAIN, "gain " + gain);
  }

  private static double gain(Callable<?> ours, Callable<?> theirs) throws Exception {
    double best = Double.MAX_VALUE;
    double bestOther = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      best = Math.min(best, nanosPerCall(ours));
      bestOther = Math.min(bestOther, nanosPerCall(theirs));
    }
    return bestOther / best;
  }

  private static double nanosPerCall(Callable<?> call) throws Exception {
    long start = System.nanoTime();
    int calls = 0;
    int results = 0;
    while (System.nanoTime() - start < ROUND_NANOS) {
      results += call.call() == null ? 0 : 1;
      calls++;
    }
    assertTrue(results == calls);
    return (System.nanoTime() - start) / (double) calls;
  }
}
