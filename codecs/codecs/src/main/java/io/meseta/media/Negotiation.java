package io.meseta.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Chooses the form of an answer. A client's weights do not rank: of what it accepts, the first in
 * our order is taken; a weight of zero excludes (T-27).
 */
public final class Negotiation {
  /** Error text of 400 (T-8). */
  public static final String CONTENT_TYPE_ABSENT = "Expecting 'Content-Type' to be present";

  /** Error text of 415 where calls are single messages (T-9). */
  public static final String CONTENT_TYPE_UNSUPPORTED =
      "Expecting 'Content-Type' of application/json or application/x-protobuf";

  /** Error text of 415 where calls may be streams, on the agent. */
  public static final String CONTENT_TYPE_UNSUPPORTED_WITH_STREAMS =
      CONTENT_TYPE_UNSUPPORTED + " or application/recordio";

  /** Error text of 406 where answers are messages or streams of them (T-12). */
  public static final String NOT_ACCEPTABLE =
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";

  /** Error text of 406 where answers may be RecordIO, on the agent. */
  public static final String NOT_ACCEPTABLE_WITH_STREAMS =
      "Expecting 'Accept' to allow application/json or application/x-protobuf"
          + " or application/recordio";

  /** What most calls answer in. */
  public static final List<MediaType> MESSAGES = List.of(MediaType.JSON, MediaType.PROTOBUF);

  /** What the agent's calls answer in. */
  public static final List<MediaType> MESSAGES_AND_STREAMS =
      List.of(MediaType.JSON, MediaType.PROTOBUF, MediaType.RECORDIO);

  /** Entries of a header that are looked at; the rest is ignored. */
  static final int MAX_ENTRIES = 64;

  private Negotiation() {}

  /** As {@link #accept(Optional, List)}, among {@link #MESSAGES}. */
  public static Optional<MediaType> accept(Optional<String> header) {
    return accept(header, MESSAGES);
  }

  /**
   * The type to answer in, or empty if the client accepts none (406).
   *
   * @param header the value of {@code Accept}, several joined by commas; without it all will do,
   *     with an empty one nothing
   * @param offered in order of preference
   */
  public static Optional<MediaType> accept(Optional<String> header, List<MediaType> offered) {
    if (header.isEmpty()) {
      return offered.stream().findFirst();
    }
    List<Range> ranges = parse(header.get());
    return offered.stream().filter(type -> allows(ranges, type.text())).findFirst();
  }

  /** What a client says about one type or a family of types. */
  private record Range(String pattern, boolean accepted) {}

  private static List<Range> parse(String header) {
    List<Range> ranges = new ArrayList<>();
    for (String entry : header.split(",", MAX_ENTRIES + 1)) {
      if (ranges.size() == MAX_ENTRIES) {
        break;
      }
      String[] parts = entry.split(";", -1);
      boolean accepted = true;
      for (int i = 1; i < parts.length; i++) {
        String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
        if (parameter.startsWith("q=")) {
          accepted = positive(parameter.substring(2).strip());
        }
      }
      ranges.add(new Range(parts[0].strip().toLowerCase(Locale.ROOT), accepted));
    }
    return ranges;
  }

  /** A weight that is no number accepts nothing, as upstream has it. */
  private static boolean positive(String weight) {
    return weight.matches("[0-9]{0,9}(\\.[0-9]{0,9})?") && weight.matches(".*[1-9].*");
  }

  /** The most special entry decides: the type itself, then its family, then everything. */
  private static boolean allows(List<Range> ranges, String type) {
    String family = type.substring(0, type.indexOf('/')) + "/*";
    for (String pattern : List.of(type, family, "*/*")) {
      for (Range range : ranges) {
        if (range.pattern().equals(pattern)) {
          return range.accepted();
        }
      }
    }
    return false;
  }
}
