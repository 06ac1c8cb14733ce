package dev.sandglass.reminder.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.ChannelMessage;
import dev.sandglass.reminder.domain.Errand;
import dev.sandglass.reminder.domain.FinishTurn;
import dev.sandglass.reminder.domain.Mailbox;
import dev.sandglass.reminder.domain.NextStep;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.reminder.domain.TakeTurn;
import dev.sandglass.reminder.domain.WakeUser;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.ChannelAddress;
import dev.sandglass.support.memory.Backlog;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Queues of channels with something to be told soon, and those whose turn it is. Each queue has one post under way, each kind of channel a
 * few: one that hangs holds up neither the others nor the feed. A replica may lose them, since the sweep finds them again.
 */
@Singleton
@Named("posts")
public class Posts implements Backlog {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    /** The most queues that are known here; others wait for a later sweep. */
    private static final int MOST = 20_000;

    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** The longest wait for a time to come: the clock may be set. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** How long a code waits for its turn: its user waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * The turns at a time, each of which has a consumer. Mails go out one by one: Dapr's SMTP binding (1.18) keeps the address of a mail
     * where the next one writes its own, so that of two at once both may go to one of them.
     */
    private static final Map<String, Integer> AT_ONCE =
            Map.of(Mailbox.MEMBERS, 2, ChannelAddress.EMAIL, 1, ChannelAddress.NTFY, 2, ChannelAddress.WEBHOOK, 5);

    private final Duration window;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<MailboxQueue, Alarm> waiting = new HashMap<>();
    private final Map<MailboxQueue, Alarm> underway = new HashMap<>();
    private final Map<String, Integer> busy = new HashMap<>();
    /** The bindings for channels, as they were looked at last; null: they were not yet. */
    private volatile @Nullable List<String> bindings;

    private final boolean here;

    /** A queue of a mailbox: of one of its channels. */
    private record MailboxQueue(String mailbox, String channel) {
        static MailboxQueue of(Alarm alarm) {
            return new MailboxQueue(alarm.task(), alarm.reminder());
        }
    }

    /** @param here true where webhooks of this machine take no binding */
    Posts(
            @ConfigProperty(name = "sandglass.reminder.window") Duration window,
            @ConfigProperty(name = "sandglass.reminder.webhooks-to-this-machine") boolean here,
            Clock clock,
            MeterRegistry meters) {
        this.window = window;
        this.here = here;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Arms queues to be looked at within the window. The earliest word about a queue counts: they come from several threads, and a look
     * that is too early arms it anew.
     */
    synchronized void arm(Collection<Alarm> alarms) {
        Instant horizon = clock.instant().plus(window);
        for (Alarm alarm : alarms) {
            MailboxQueue queue = MailboxQueue.of(alarm);
            boolean room = waiting.size() < MOST || waiting.containsKey(queue);
            if (room && !alarm.at().isAfter(horizon)) {
                waiting.merge(queue, alarm, (one, other) -> other.at().isBefore(one.at()) ? other : one);
            }
        }
        notifyAll();
    }

    // ---------------------------------------------------------------- Turns

    /** The queue whose turn it is: the one that has waited longest, where its channel has room. */
    @Override
    public synchronized @Nullable Alarm take(Duration longest) throws InterruptedException {
        Alarm next = next();
        if (next == null) {
            wait(Math.max(1, Math.min(longest.toMillis(), untilTheFirst())));
            next = next();
        }
        if (next != null) {
            MailboxQueue queue = MailboxQueue.of(next);
            waiting.remove(queue);
            underway.put(queue, next);
            busy.merge(next.reminder(), 1, Integer::sum);
        }
        return next;
    }

    private @Nullable Alarm next() {
        Instant now = clock.instant();
        Alarm first = null;
        for (Map.Entry<MailboxQueue, Alarm> one : waiting.entrySet()) {
            Alarm alarm = one.getValue();
            boolean due = !alarm.at().isAfter(now) && !underway.containsKey(one.getKey()) && hasRoom(alarm.reminder());
            if (due && (first == null || alarm.at().isBefore(first.at()))) {
                first = alarm;
            }
        }
        return first;
    }

    private long untilTheFirst() {
        Instant now = clock.instant();
        return waiting.values().stream()
                .filter(alarm -> alarm.at().isAfter(now))
                .mapToLong(alarm -> Duration.between(now, alarm.at()).toMillis() + 1)
                .map(millis -> Math.min(millis, LOOK.toMillis()))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private boolean hasRoom(String channel) {
        return busy.getOrDefault(channel, 0) < AT_ONCE.getOrDefault(channel, 1);
    }

    public TakeTurn claim(@Body Alarm rung) {
        return new TakeTurn(rung, clock.instant());
    }

    /** @return null where there is nothing to be told */
    public @Nullable Errand claimed(@Body TakeTurn.Taken taken) {
        arm(taken.alarms());
        return taken.errand();
    }

    /** It could not be looked at: the state store is away. */
    public void failed(
            @ExchangeProperty("rung") Alarm rung, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        LOG.warnf("A post for %s has to wait: %s", rung.reminder(), reason.getMessage());
        arm(List.of(new Alarm(
                rung.user(), rung.task(), rung.reminder(), 0, clock.instant().plus(AGAIN))));
    }

    /** The turn is over. */
    public synchronized void leave(@ExchangeProperty("rung") Alarm rung) {
        underway.remove(MailboxQueue.of(rung));
        free(rung.reminder());
    }

    private void free(String channel) {
        busy.merge(channel, -1, Integer::sum);
        notifyAll();
    }

    /** @param order {@code {"user"}}: whose quiet hours may be others now */
    public WakeUser wake(@Body String order) {
        return new WakeUser(Json.read(order, JsonNode.class).path("user").asText(), clock.instant());
    }

    // ---------------------------------------------------------------- An errand on its way

    /** @param said what <em>task</em> answered to the errand's question */
    public NextStep judge(@ExchangeProperty("errand") Errand errand, @Body String said) {
        return NextStep.of(errand, said, clock.instant());
    }

    /** True for an address of this machine that has no binding, and takes none. */
    public boolean isHere(@ExchangeProperty("message") ChannelMessage message) {
        List<String> known = bindings;
        ChannelAddress address = message.address();
        return here && address.isThisMachine() && (known == null || !known.contains(address.binding()));
    }

    /** It was not sent. */
    public static NextStep notSent(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        return reason instanceof Unavailable away
                        && (away.part().startsWith("binding ") || away.part().startsWith("http"))
                ? NextStep.ofBinding(String.valueOf(away.getCause()))
                : new NextStep.Again("Sandglass could not work on it");
    }

    public void count(@ExchangeProperty("errand") Errand errand, @Body NextStep step) {
        String reason = step.reason();
        Stage stage = step instanceof NextStep.Over over ? over.status() : Stage.DELIVERED;
        boolean over = !(step instanceof NextStep.Wait || step instanceof NextStep.Again);
        if (reason != null && stage != Stage.CANCELLED) {
            LOG.warnf("%s for %s, try %d: %s", errand.channel(), errand.post().id(), errand.tries(), reason);
        }
        if (over && !errand.channel().equals(Mailbox.MEMBERS)) {
            meters.counter("sandglass.posts", new String[] {
                        "channel", errand.channel(), "outcome", stage.name().toLowerCase(Locale.ROOT)
                    })
                    .increment();
        }
    }

    public FinishTurn finish(@ExchangeProperty("errand") Errand errand, @Body NextStep step) {
        return new FinishTurn(errand, step, clock.instant());
    }

    /** When the mailboxes are to be looked at, once how it went is written down. */
    public void finished(@Body List<Alarm> alarms) {
        arm(alarms);
    }

    // ---------------------------------------------------------------- Codes

    /**
     * The message with a code, once it is its channel's turn.
     *
     * @param order {@code {"channel","address","code"}}
     * @throws Unavailable where others were at it all the time
     */
    public synchronized ChannelMessage code(@Body String order) throws InterruptedException {
        JsonNode read = Json.read(order, JsonNode.class);
        String channel = read.path("channel").asText();
        ChannelMessage message = ChannelMessage.code(
                new ChannelAddress(channel, read.path("address").asText()),
                read.path("code").asText());
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!hasRoom(channel)) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new Unavailable("channel " + channel, null);
            }
            wait(left);
        }
        busy.merge(channel, 1, Integer::sum);
        return message;
    }

    public synchronized void codeLeft(@ExchangeProperty("message") ChannelMessage message) {
        free(message.address().channel());
    }

    /** @return {@code {}}, or {@code {"reason"}} where the code was not sent */
    public static ObjectNode codeNotSent(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        return Json.object()
                .put("reason", Objects.requireNonNull(notSent(reason).reason()));
    }

    /** False where the operator had set up none when that was last looked at: nobody is told what others do. */
    boolean hasChannels() {
        List<String> known = bindings;
        return known == null || !known.isEmpty();
    }

    /** @return {@code {"bindings":[…]}}: those that the operator has set up for channels */
    public ObjectNode channels(@Body Collection<String> all) {
        List<String> ours =
                all.stream().filter(ChannelAddress::isBinding).sorted().toList();
        bindings = ours;
        return Json.object().set("bindings", Json.tree(ours));
    }
}
