package io.meseta.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Principal;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BasicAuthenticatorTest {
  private static final String JSON =
      "{\"credentials\":[{\"principal\":\"alice\",\"secret\":\"first\"},"
          + "{\"principal\":\"alice\",\"secret\":\"se:cret\"},{\"principal\":\"mute\"}]}";
  private final Authenticator basic = new BasicAuthenticator("realm", Credentials.parse(JSON));

  private static Optional<String> header(String scheme, String pair) {
    return Optional.of(
        scheme + " " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @Scenario({"A-5", "HttpAuthenticationTest.Basic"})
  void therightSecretNamesThePrincipal() {
    for (String scheme : List.of("Basic", "basic")) {
      assertEquals(
          new Authenticator.Outcome.Accepted(Principal.named("alice")),
          basic.authenticate(header(scheme, "alice:se:cret")));
    }
  }

  @Test
  @Scenario({"A-4", "A-5"})
  void everythingElseIsTheSameChallenge() {
    Authenticator.Outcome challenge =
        new Authenticator.Outcome.Unauthorized(List.of("Basic realm=\"realm\""));
    List<Optional<String>> headers =
        List.of(
            Optional.empty(),
            Optional.of(""),
            Optional.of("Basic"),
            Optional.of("Basic !!!"),
            Optional.of("Basic a b"),
            Optional.of("Basic " + "x".repeat(BasicAuthenticator.MAX_HEADER_CHARS)),
            header("Bearer", "alice:se:cret"),
            header("Basic", "alice"),
            header("Basic", ":"),
            header("Basic", "mute:"),
            // Of two secrets the last counts.
            header("Basic", "alice:first"),
            header("Basic", "nobody:se:cret"));
    for (Optional<String> header : headers) {
      assertEquals(challenge, basic.authenticate(header), header.toString());
    }
  }

  @Test
  @Scenario("A-2")
  void withoutAuthenticationCredentialsAreIgnored() {
    assertEquals(
        new Authenticator.Outcome.Accepted(Principal.ANONYMOUS),
        Authenticator.NONE.authenticate(Optional.of("Basic !!!")));
  }

  @Test
  @Scenario("K-2")
  void badFilesAreRefusedWithoutTellingSecrets(@TempDir Path directory) throws IOException {
    List<String> bad =
        List.of(
            "",
            "{\"credentials\":[]}",
            "{\"credentials\":[{\"secret\":\"tell-nobody\"}]}",
            "{\"credentials\":[{\"principal\":\"\",\"secret\":\"tell-nobody\"}]}",
            "{\"credentials\":[{\"principal\":\"a:b\",\"secret\":\"tell-nobody\"}]}",
            "{\"credentials\":[{\"principal\":\"a\",\"secret\":[\"tell-nobody\"]}]}",
            "{\"credentials\":[{\"principal\":\"a\",\"secret\":\"tell-nobody\"}");
    for (String text : bad) {
      Path file = Files.writeString(directory.resolve("credentials.json"), text);
      IOException refusal = assertThrows(IOException.class, () -> Credentials.read(file), text);
      assertTrue(refusal.getMessage().startsWith(file + ": "), refusal.getMessage());
      assertFalse(refusal.getMessage().contains("tell-nobody"), refusal.getMessage());
    }
  }
}
