package io.meseta.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlagDocsTest {
  /** With {@code -Dmeseta.update=true} the page is written instead of compared. */
  @Test
  void thePageSaysWhatTheCodeDeclares() throws Exception {
    Path page = Path.of("..").resolve("docs").resolve("command-line.md");
    String expected = FlagDocs.page(List.of(new LocalCommand(), new ExecuteCommand()));
    if (Boolean.getBoolean("meseta.update")) {
      Files.writeString(page, expected);
    }
    assertEquals(expected, Files.readString(page));
  }
}
