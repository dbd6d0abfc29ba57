package io.meseta.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code /files/read}, with the texts that upstream was recorded with, and no way out of the
 * sandbox.
 */
class FilesEndpointTest {
  private static final String RUN = "/frameworks/f/executors/e/runs/latest";

  @TempDir private Path work;
  private Vertx vertx;
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;
  private Path sandbox;

  @BeforeEach
  void start() throws Exception {
    Path agent = work.resolve("slaves/a-S0");
    Path runs = Files.createDirectories(agent.resolve("frameworks/f/executors/e/runs"));
    sandbox = Files.createDirectories(runs.resolve("c1"));
    Files.createSymbolicLink(runs.resolve("latest"), Path.of("c1"));
    Files.createSymbolicLink(work.resolve("slaves/latest"), Path.of("a-S0"));
    Files.writeString(sandbox.resolve("stdout"), "hello\n");
    Files.writeString(sandbox.resolve("utf8"), "aä€😀");
    Files.write(sandbox.resolve("bytes"), new byte[] {'x', (byte) 0xFF, 'y'});
    Files.writeString(sandbox.resolve("big"), "x".repeat(100_000));
    Files.createDirectory(sandbox.resolve("sub"));
    Files.writeString(work.resolve("secret"), "not for you");
    Files.createSymbolicLink(sandbox.resolve("out"), work.resolve("secret"));
    Files.createSymbolicLink(sandbox.resolve("in"), Path.of("stdout"));
    Path sibling = Files.createDirectories(runs.resolve("c1-other"));
    Files.writeString(sibling.resolve("stdout"), "a neighbour's");
    Files.createSymbolicLink(sandbox.resolve("sibling"), sibling.resolve("stdout"));
    vertx = Vertx.vertx();
    ApiVerticle api =
        ApiVerticle.forAgent(ApiOptions.of("test", "127.0.0.1", ApiOptions.ANY_PORT), 0, work);
    vertx.deployVerticle(api).await();
    port = api.port();
  }

  @AfterEach
  void stop() {
    client.close();
    vertx.close().await();
  }

  private HttpResponse<String> get(String query) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/files/read" + query))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> read(String path, String more) throws Exception {
    return get("?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8) + more);
  }

  @Test
  void readsPartsByVirtualAndByAbsolutePath() throws Exception {
    assertEquals("{\"data\":\"hello\\n\",\"offset\":0}", read(RUN + "/stdout", "&offset=0").body());
    assertEquals(
        "{\"data\":\"ell\",\"offset\":1}", read(RUN + "/stdout", "&offset=1&length=3").body());
    assertEquals("{\"data\":\"\",\"offset\":6}", read(RUN + "/stdout", "").body());
    assertEquals("{\"data\":\"\",\"offset\":6}", read(RUN + "/stdout", "&offset=-1").body());
    assertEquals("{\"data\":\"\",\"offset\":99}", read(RUN + "/stdout", "&offset=99").body());
    assertEquals(
        "{\"data\":\"\",\"offset\":0}", read(RUN + "/stdout", "&offset=0&length=0").body());
    assertEquals("{\"data\":\"hello\\n\",\"offset\":0}", read(RUN + "/in", "&offset=0").body());
    assertEquals(
        "{\"data\":\"hello\\n\",\"offset\":0}", read(RUN + "/sub/../stdout", "&offset=0").body());
    assertEquals(
        "{\"data\":\"hello\\n\",\"offset\":0}",
        read(sandbox.resolve("stdout").toString(), "&offset=0").body());
    HttpResponse<String> big = read(RUN + "/big", "&offset=0&length=-1");
    assertEquals(65_536, new JsonObject(big.body()).getString("data").length());
    assertEquals("application/json", big.headers().firstValue("Content-Type").orElseThrow());
  }

  @Test
  void charactersAreNeverCutInTwoAndBadBytesAreReplaced() throws Exception {
    StringBuilder all = new StringBuilder();
    long offset = 0;
    for (int i = 0; i < 20; i++) {
      String data =
          new JsonObject(read(RUN + "/utf8", "&offset=" + offset + "&length=5").body())
              .getString("data");
      all.append(data);
      offset += data.getBytes(StandardCharsets.UTF_8).length;
    }
    assertEquals("aä€😀", all.toString());
    assertEquals("{\"data\":\"x\uFFFDy\",\"offset\":0}", read(RUN + "/bytes", "&offset=0").body());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 400, 'Expecting ''path=value'' in query.'",
    "'?path=', 400, 'Expecting ''path=value'' in query.'",
    "'?path=/x&offset=-2', 400, 'Negative offset provided: -2.'",
    "'?path=/x&offset=0&length=-2', 400, 'Negative length provided: -2.'",
    "'?path=/x&offset=x', 400, 'Failed to parse offset: Failed to convert ''x'' to number.'",
    "'?path=/x&offset=0&length=1.5', 400, 'Failed to parse length: Failed to convert ''1.5'' to number.'"
  })
  void aBadQueryIsRefusedWithTheReason(String query, int status, String text) throws Exception {
    HttpResponse<String> response = get(query);
    assertEquals(status, response.statusCode());
    assertEquals(text + "\n", response.body());
  }

  @Test
  void nothingOutsideTheSandboxCanBeRead() throws Exception {
    for (String path :
        new String[] {
          RUN + "/out",
          RUN + "/sibling",
          RUN + "/../c1-other/stdout",
          RUN + "/../../../../../../../../secret",
          sandbox + "/../../../../../../../../../secret"
        }) {
      HttpResponse<String> response = read(path, "&offset=0");
      assertTrue(response.statusCode() == 400 || response.statusCode() == 404, path);
      assertTrue(
          !response.body().contains("not for you") && !response.body().contains("neighbour"), path);
    }
    for (String path :
        new String[] {
          "/etc/passwd",
          work.resolve("secret").toString(),
          "/frameworks/f/executors/e/runs/..",
          "/frameworks/../frameworks/f/executors/e/runs/latest",
          "/frameworks/f/executors/e/runs/none/stdout",
          RUN + "/none",
          RUN + "/stdout/x"
        }) {
      HttpResponse<String> response = read(path, "&offset=0");
      assertEquals(404, response.statusCode(), path);
      assertEquals("", response.body(), path);
    }
    assertEquals("Cannot read a directory.\n", read(RUN, "&offset=0").body());
    assertEquals("Cannot read a directory.\n", read(RUN + "/sub/", "&offset=0").body());
  }
}
