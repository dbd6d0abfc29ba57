package io.meseta.api;

import com.google.protobuf.InvalidProtocolBufferException;
import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.media.MediaType;
import io.meseta.schema.v1.scheduler.Call;
import java.io.IOException;

/** Makes calls out of bodies (T-1, T-10). Pure; large bodies belong on a worker. */
final class CallReader {
  private CallReader() {}

  /**
   * Reads one scheduler call.
   *
   * @param maxBytes bound of the body once inflated
   */
  static Call read(RequestBody.Raw body, MediaType type, int maxBytes) throws RequestBody.Refused {
    byte[] bytes = body.gzip() ? inflated(body.bytes(), maxBytes) : body.bytes();
    if (type == MediaType.PROTOBUF) {
      try {
        return Call.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw new RequestBody.Refused(400, "Failed to parse body into Call protobuf");
      }
    }
    try {
      return MesosJson.read(bytes, Call.getDefaultInstance());
    } catch (MesosJsonException e) {
      throw new RequestBody.Refused(400, e.describe("Call"));
    }
  }

  private static byte[] inflated(byte[] bytes, int maxBytes) throws RequestBody.Refused {
    try {
      return Gunzip.inflate(bytes, maxBytes);
    } catch (Gunzip.TooLarge e) {
      throw new RequestBody.Refused(413, "Failed to decode gzip body: " + e.getMessage());
    } catch (IOException e) {
      throw new RequestBody.Refused(400, "Failed to decode gzip body: " + e.getMessage());
    }
  }
}
