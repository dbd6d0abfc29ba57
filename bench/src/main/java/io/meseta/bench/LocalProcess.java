package io.meseta.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code bin/meseta local} as a process of its own, from its start to its orderly end. */
final class LocalProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("READY role=local url=http://(\\S+) .*");
  private static final long START_SECONDS = 60;

  private final Process process;
  private final String master;
  private final double readyMillis;

  private LocalProcess(Process process, String master, double readyMillis) {
    this.process = process;
    this.master = master;
    this.readyMillis = readyMillis;
  }

  /** Starts it on a free port and waits for its READY line. */
  static LocalProcess start(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Launcher.path().toString());
    command.addAll(List.of("local", "--port=0", "--logging_level=WARNING"));
    command.addAll(List.of(flags));
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BlockingQueue<String> ready = new LinkedBlockingQueue<>();
    Thread reader = Thread.ofPlatform().daemon().name("stderr").start(() -> read(process, ready));
    String url = ready.poll(START_SECONDS, TimeUnit.SECONDS);
    if (url == null) {
      process.destroyForcibly();
      reader.join(1000);
      throw new IOException("no READY line within " + START_SECONDS + " s");
    }
    return new LocalProcess(process, url, (System.nanoTime() - begin) / 1e6);
  }

  private static void read(Process process, BlockingQueue<String> ready) {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = READY.matcher(line);
        if (matcher.matches()) {
          ready.add(matcher.group(1));
        } else {
          System.err.println("local: " + line);
        }
      }
    } catch (IOException e) {
      // The process was ended and its stream with it.
    }
  }

  /** The master's HOST:PORT. */
  String master() {
    return master;
  }

  /** Asks it to stop, as Ctrl-C does. */
  void interrupt() {
    process.destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  double readyMillis() {
    return readyMillis;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
