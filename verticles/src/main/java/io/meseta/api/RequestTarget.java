package io.meseta.api;

import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request's target. Segments are compared as they were sent, without decoding: {@code
 * /%68ealth} is not {@code /health}.
 *
 * @param segments without empty ones, so that doubled and trailing slashes do not matter (T-50)
 */
record RequestTarget(List<String> segments) {
  /** Segments looked at; no route is deeper, and the rest cannot matter. */
  static final int MAX_SEGMENTS = 64;

  RequestTarget {
    segments = List.copyOf(segments);
  }

  /** Takes a target in origin form or in absolute form (T-51). The query is not ours to read. */
  static RequestTarget of(String target) {
    String path = target;
    if (!target.startsWith("/")) {
      int authority = target.indexOf("://");
      int slash = authority < 0 ? -1 : target.indexOf('/', authority + 3);
      path = slash < 0 ? "/" : target.substring(slash);
    }
    int end = path.length();
    for (int i = 0; i < end; i++) {
      char c = path.charAt(i);
      if (c == '?' || c == '#') {
        end = i;
      }
    }
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(0, end).split("/", -1)) {
      if (!segment.isEmpty() && segments.size() < MAX_SEGMENTS) {
        segments.add(segment);
      }
    }
    return new RequestTarget(segments);
  }
}
