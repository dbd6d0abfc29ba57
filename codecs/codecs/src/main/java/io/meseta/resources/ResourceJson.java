package io.meseta.resources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskResourceLimitation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The JSON form of configured resources: an array of resource messages. */
final class ResourceJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ResourceJson() {}

  /**
   * Reads the array and gives the default role to what names none.
   *
   * @throws IllegalArgumentException with the reason
   */
  static List<Resource> parse(String text, String defaultRole) {
    List<Resource> resources;
    try {
      requireArrayOfObjects(text);
      // Any message with only a list of resources gives the array the frame that the reader wants.
      byte[] framed = ("{\"resources\":" + text + "}").getBytes(StandardCharsets.UTF_8);
      resources =
          MesosJson.read(framed, TaskResourceLimitation.getDefaultInstance()).getResourcesList();
    } catch (MesosJsonException e) {
      throw new IllegalArgumentException("Failed to parse resources as JSON: " + e.reason(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("Failed to parse resources as JSON: " + e.getMessage(), e);
    }
    return resources.stream().map(each -> withRole(each, defaultRole)).toList();
  }

  /** One array, nothing behind it, and no arrays in it: the message reader is more lenient. */
  private static void requireArrayOfObjects(String text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken token = parser.nextToken();
      if (token != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException("Expecting a JSON array of resources");
      }
      while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
        if (token != JsonToken.START_OBJECT) {
          throw new IllegalArgumentException("Expecting a JSON object for each resource");
        }
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("Unexpected text behind the JSON array of resources");
      }
    }
  }

  private static Resource withRole(Resource resource, String defaultRole) {
    return resource.getReservationsCount() > 0 || OldForm.hasRole(resource)
        ? resource
        : OldForm.withRole(resource.toBuilder(), defaultRole).build();
  }
}
