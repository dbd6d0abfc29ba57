package io.meseta.resources;

import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskResourceLimitation;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The JSON form of configured resources: an array of resource messages. */
final class ResourceJson {
  private ResourceJson() {}

  /**
   * Reads the array, gives the default role to what names none.
   *
   * @throws IllegalArgumentException with the reason
   */
  static List<Resource> parse(String text, String defaultRole) {
    // Any message with only a list of resources gives the array the frame that the reader wants.
    byte[] framed = ("{\"resources\":" + text + "}").getBytes(StandardCharsets.UTF_8);
    List<Resource> resources;
    try {
      resources =
          MesosJson.read(framed, TaskResourceLimitation.getDefaultInstance()).getResourcesList();
    } catch (MesosJsonException e) {
      throw new IllegalArgumentException(
          "Failed to parse resources as JSON: " + e.reason(), e);
    }
    return resources.stream().map(each -> withRole(each, defaultRole)).toList();
  }

  private static Resource withRole(Resource resource, String defaultRole) {
    return resource.getReservationsCount() > 0 || OldForm.hasRole(resource)
        ? resource
        : OldForm.withRole(resource.toBuilder(), defaultRole).build();
  }
}
