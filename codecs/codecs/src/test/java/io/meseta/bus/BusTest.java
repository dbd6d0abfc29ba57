package io.meseta.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.Envelope;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
  /** As the owners of addresses declare them. */
  private sealed interface Note {
    record Text(String text) implements Note {}
  }

  private record Reply(int length) {}

  private static final Address<Note> NOTES = Address.local("notes.{node}", Note.class, "somebody");
  private static final Address<Note> QUESTIONS =
      Address.localRequest("questions", Note.class, Reply.class, "somebody");
  private static final Address<Envelope> ENVELOPES =
      Address.internal("envelopes", Envelope.class, 1000, "somebody");

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus =
      Bus.open(vertx, Catalogue.of(List.of(NOTES, QUESTIONS), List.of(ENVELOPES)));
  private final Context context = vertx.getOrCreateContext();

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static Envelope envelope(int version, String session) {
    return Envelope.newBuilder()
        .setClusterId("c")
        .setLeaderEpoch(1)
        .setLinkSession(session)
        .setSequence(1)
        .setSchemaVersion(version)
        .setToMaster(AgentToMaster.newBuilder().setPong(AgentToMaster.Pong.getDefaultInstance()))
        .build();
  }

  @Test
  void messagesOfASealedFamilyArriveByReference() throws Exception {
    Note sent = new Note.Text("hello");
    Promise<Note> received = Promise.promise();
    await(bus.consume(NOTES, NOTES.at("a"), received::complete).ready());
    await(bus.send(NOTES, NOTES.at("a"), sent));
    assertSame(sent, await(received.future()));
  }

  @Test
  void envelopesArriveByReferenceInOneProcess() throws Exception {
    Envelope sent = envelope(1, "s");
    Promise<Envelope> received = Promise.promise();
    await(bus.consume(ENVELOPES, ENVELOPES.at(), received::complete).ready());
    await(bus.send(ENVELOPES, ENVELOPES.at(), sent));
    assertSame(sent, await(received.future()));
  }

  @Test
  void requestsAreAnswered() throws Exception {
    await(
        bus.answer(
                QUESTIONS,
                QUESTIONS.at(),
                Reply.class,
                note -> new Reply(((Note.Text) note).text().length()))
            .ready());
    Note question = new Note.Text("four");
    assertEquals(
        new Reply(4), await(bus.request(QUESTIONS, QUESTIONS.at(), question, Reply.class)));
  }

  @Test
  void aMessageToNobodyFails() {
    Promise<Void> sent = Promise.promise();
    context.runOnContext(
        turn -> bus.send(NOTES, NOTES.at("nobody"), new Note.Text("x")).onComplete(sent));
    ExecutionException failure = assertThrows(ExecutionException.class, () -> await(sent.future()));
    assertInstanceOf(ReplyException.class, failure.getCause());
  }

  @Test
  void afterClosingNothingArrives() throws Exception {
    Subscription subscription = bus.consume(NOTES, NOTES.at("a"), note -> {});
    await(subscription.ready());
    await(subscription.close());
    assertThrows(
        ExecutionException.class, () -> await(bus.send(NOTES, NOTES.at("a"), new Note.Text("x"))));
  }

  @Test
  void onlyDeclaredAddressesCanBeUsedAndOnlyAsDeclared() {
    Address<Note> undeclared = Address.local("other", Note.class, "somebody");
    Note note = new Note.Text("x");
    assertThrows(IllegalArgumentException.class, () -> bus.send(undeclared, "other", note));
    assertThrows(IllegalArgumentException.class, () -> bus.send(QUESTIONS, "questions", note));
    assertThrows(
        IllegalArgumentException.class,
        () -> bus.request(QUESTIONS, "questions", note, String.class));
  }

  @Test
  void aMessageAboveTheBoundIsRefused() {
    Envelope large = envelope(1, "s".repeat(1000));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> bus.send(ENVELOPES, "envelopes", large));
    assertTrue(refusal.getMessage().contains("above the bound of 1000"), refusal.getMessage());
  }

  @Test
  void aCatalogueHoldsEachAddressOnce() {
    Address<Note> same = Address.local("notes.{other}", Note.class, "somebody else");
    assertThrows(IllegalArgumentException.class, () -> Catalogue.of(List.of(NOTES), List.of(same)));
  }

  @Test
  void whatLeavesTheProcessMustBeAnEnvelopeWithABound() {
    Address<Note> open = Address.internal("open", Note.class, 10, "somebody");
    assertThrows(IllegalArgumentException.class, () -> Catalogue.of(List.of(open)));
    Address<Envelope> unbounded = Address.internal("open", Envelope.class, 0, "somebody");
    assertThrows(IllegalArgumentException.class, () -> Catalogue.of(List.of(unbounded)));
  }

  @Test
  void namesAreFilledInFromParts() {
    Address<Note> address = Address.local("api.{node}.{instance}", Note.class, "somebody");
    assertEquals("api.n1.3", address.at("n1", 3));
    assertEquals(List.of("node", "instance"), address.parts());
    assertThrows(IllegalArgumentException.class, () -> address.at("n1"));
    assertThrows(IllegalArgumentException.class, () -> address.at("n1", 2, 3));
    assertThrows(IllegalArgumentException.class, () -> address.at("n.1", 2));
    assertThrows(IllegalArgumentException.class, () -> address.at("", 2));
  }

  @Test
  void envelopesSurviveTheWire() {
    EnvelopeCodec codec = new EnvelopeCodec();
    Buffer buffer = Buffer.buffer("before");
    int position = buffer.length();
    codec.encodeToWire(buffer, envelope(1, "s"));
    buffer.appendString("behind");
    assertEquals(envelope(1, "s"), codec.decodeFromWire(position, buffer));
  }

  @Test
  void envelopesOfANewerVersionAreRefusedWithTheReason() {
    EnvelopeCodec codec = new EnvelopeCodec();
    Buffer buffer = Buffer.buffer();
    codec.encodeToWire(buffer, envelope(2, "s"));
    BadMessageException refusal =
        assertThrows(BadMessageException.class, () -> codec.decodeFromWire(0, buffer));
    assertEquals(
        "an envelope of cluster c, session s, has schema version 2, this process understands up to"
            + " 1: upgrade it",
        refusal.getMessage());
  }

  @Test
  void envelopesThatAreCutShortAreRefused() {
    EnvelopeCodec codec = new EnvelopeCodec();
    Buffer whole = Buffer.buffer();
    codec.encodeToWire(whole, envelope(1, "s"));
    for (int length = 0; length < whole.length(); length++) {
      Buffer cut = whole.getBuffer(0, length);
      assertThrows(BadMessageException.class, () -> codec.decodeFromWire(0, cut));
    }
  }

  @Test
  void recordsCannotLeaveTheProcess() {
    LocalCodec<Note> codec = new LocalCodec<>(Note.class);
    Buffer buffer = Buffer.buffer();
    Note note = new Note.Text("x");
    assertThrows(UnsupportedOperationException.class, () -> codec.encodeToWire(buffer, note));
    assertThrows(UnsupportedOperationException.class, () -> codec.decodeFromWire(0, buffer));
  }
}
