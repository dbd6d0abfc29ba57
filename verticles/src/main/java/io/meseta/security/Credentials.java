package io.meseta.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/**
 * Principals and their secrets (K-1, K-2). Secrets are kept as digests, so that comparing takes the
 * same time whatever their lengths, and a heap dump does not tell them.
 */
public final class Credentials {
  /** Largest credentials file read. */
  static final int MAX_FILE_BYTES = 8 << 20;

  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] NOBODY = digest("");

  private final Map<String, byte[]> digests;

  private Credentials(Map<String, byte[]> digests) {
    this.digests = Map.copyOf(digests);
  }

  /**
   * Reads a file of the form {@code {"credentials":[{"principal":"p","secret":"s"}]}}.
   *
   * @throws IOException naming the file and what is wrong with it, never a secret
   */
  public static Credentials read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new IOException(file + ": has " + size + " bytes, at most " + MAX_FILE_BYTES);
    }
    try {
      return parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the same from a text. Of entries for one principal the last wins; one without a secret
   * lets nobody in.
   *
   * @throws IllegalArgumentException with the reason, never with a secret
   */
  public static Credentials parse(String json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      // The parser's own message would quote the text, and so perhaps a secret.
      throw new IllegalArgumentException(
          "is not JSON, at line " + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
    }
    JsonNode entries = root.path("credentials");
    if (!entries.isArray() || entries.isEmpty()) {
      throw new IllegalArgumentException("expecting a list 'credentials' with at least one entry");
    }
    Map<String, byte[]> digests = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      JsonNode entry = entries.get(i);
      JsonNode principal = entry.path("principal");
      if (!principal.isTextual() || principal.textValue().isEmpty()) {
        throw new IllegalArgumentException("credentials[" + i + "]: expecting a 'principal'");
      }
      if (principal.textValue().indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "credentials[" + i + "].principal: a colon cannot be sent in basic authentication");
      }
      JsonNode secret = entry.path("secret");
      if (!secret.isMissingNode() && !secret.isTextual()) {
        throw new IllegalArgumentException("credentials[" + i + "].secret: expecting a text");
      }
      digests.remove(principal.textValue());
      if (secret.isTextual()) {
        digests.put(principal.textValue(), digest(secret.textValue()));
      }
    }
    return new Credentials(digests);
  }

  /** Whether this is the principal's secret. */
  boolean matches(String principal, String secret) {
    byte[] expected = digests.get(principal);
    boolean equal = MessageDigest.isEqual(expected == null ? NOBODY : expected, digest(secret));
    return expected != null && equal;
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
