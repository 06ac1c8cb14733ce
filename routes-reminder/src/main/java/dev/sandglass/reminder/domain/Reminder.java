package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reminder of a task, or the moment it becomes overdue, planned once or more: {@code id} and {@code version} together are one
 * planned firing.
 *
 * @param id the id of its specification, see {@link Wish}
 * @param at when it is due
 * @param version of the planned firing, from 1
 * @param claim the replica that took it for firing; null unless it is {@code firing}
 * @param firedAt when it was taken for firing, the last time
 * @param late true if {@code firedAt} was more than five seconds after {@code at}
 * @param unconfirmed true if it was fired without an answer of <em>task</em>
 * @param mistakes how often a channel refused it
 * @param deliveries by channel; if there are any while it is {@code firing}, only the event about its end is missing
 * @param snooze null unless {@code at} is a time to which it was put off, or at which it comes again
 * @param posted true once this planned firing is posted in its list's mailbox; a further try posts nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reminder(
        String id,
        String spec,
        Instant at,
        Stage status,
        int version,
        @Nullable String claim,
        @Nullable Instant firedAt,
        boolean late,
        boolean unconfirmed,
        int mistakes,
        Map<String, Delivery> deliveries,
        @Nullable Snooze snooze,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean posted) {
    /** The one channel there is. */
    public static final String LIVE = "live";

    static final Duration LATE = Duration.ofSeconds(5);
    /** The time after which the replica that claimed it counts as dead: longer than a claim, a question and two tries at the broker. */
    static final Duration CLAIMED = Duration.ofSeconds(15);

    static final int MOST_MISTAKES = 5;

    /** The end at a channel: {@code delivered} or {@code failed}, if the channel refused it for good. */
    public record Delivery(Stage status, Instant at) {}

    /** The order of one that comes again until its task is done. */
    private static final String NAG = "nag";

    /**
     * It was put off, or comes again until its task is done.
     *
     * @param instead of this time, which its task still asks for
     * @param order names the order that put it off; a repeat has the same
     * @param since when that came which comes again now; null where it was put off
     * @param nagged true where what was put off came again until its task is done
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Snooze(
            Instant instead,
            String order,
            @Nullable Instant since,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean nagged) {}

    /** A planning of a wish: {@code scheduled}, or {@code cancelled} if its time was past when the task was changed. */
    static Reminder planned(Wish wish, Instant setAt, int version) {
        Stage stage = wish.at().isBefore(setAt) ? Stage.CANCELLED : Stage.SCHEDULED;
        return new Reminder(
                wish.id(), wish.spec(), wish.at(), stage, version, null, null, false, false, 0, Map.of(), null, false);
    }

    /** The next planning, for another instant; this one if nothing changes. One that was put off stays so as long as its task asks for the same time. */
    Reminder plannedAgain(Wish wish, Instant setAt) {
        if (!wish.at().equals(asked())) {
            return planned(wish, setAt, version + 1);
        }
        if (status != Stage.CANCELLED) {
            return this;
        }
        Instant then = at.isBefore(setAt) ? nextNag(wish, setAt) : at;
        return then == null ? this : next(then, snooze);
    }

    /** The next planning of one that a channel has, where its task nags; null where it does not, or has for long enough. */
    @Nullable
    Reminder nagging(Wish wish, Instant now) {
        Instant came = nags() ? since() : firedAt;
        if (status != Stage.DELIVERED
                || wish.nag() == null
                || came == null
                || !wish.at().equals(asked())) {
            return null;
        }
        Instant then = wish.nag().after(at, came, now);
        return then == null ? null : next(then, new Snooze(wish.at(), NAG, came, false));
    }

    /** When one that came again, and was cancelled meanwhile, goes on. */
    private @Nullable Instant nextNag(Wish wish, Instant now) {
        Instant came = since();
        return came == null || wish.nag() == null ? null : wish.nag().after(at, came, now);
    }

    private @Nullable Instant since() {
        return snooze == null ? null : snooze.since;
    }

    /** True where it comes again because its task is not done. */
    boolean nags() {
        return since() != null;
    }

    /** True where it came again, also where that was put off. */
    private boolean isOfNag() {
        return nags() || snooze != null && snooze.nagged;
    }

    /** True unless it comes again, and its task does not ask for that any more. */
    boolean isAskedBy(Wish wish) {
        return !isOfNag() || wish.nag() != null || !wish.at().equals(asked());
    }

    /** The next planning, put off; this one if that changes nothing. */
    Reminder snoozed(Instant until, Wish wish, String order) {
        return status == Stage.SCHEDULED && at.equals(until)
                ? this
                : next(until, new Snooze(wish.at(), order, null, isOfNag()));
    }

    private Reminder next(Instant until, @Nullable Snooze snoozed) {
        return new Reminder(
                id, spec, until, Stage.SCHEDULED, version + 1, null, null, false, false, 0, Map.of(), snoozed, false);
    }

    /** The time that its task asks for; it was put off where it comes at another. */
    Instant asked() {
        return snooze == null ? at : snooze.instead;
    }

    boolean snoozedBy(String order) {
        return snooze != null && snooze.order.equals(order);
    }

    /** True while another planning may replace it: it was never on its way. */
    boolean replaceable() {
        return status == Stage.SCHEDULED || status == Stage.CANCELLED;
    }

    /** True where it is not a reminder but the moment its task becomes overdue: it becomes an event, but goes to no channel or answer. */
    public boolean overdue() {
        return id.equals(Wish.OVERDUE);
    }

    /** True while there is still work to do for it. */
    public boolean pending() {
        return status == Stage.SCHEDULED || status == Stage.FIRING;
    }

    /** True where it may be claimed now: it is due and not claimed, or its replica counts as dead. */
    public boolean claimable(Instant now) {
        return switch (status) {
            case SCHEDULED -> !now.isBefore(at);
            case FIRING -> firedAt == null || now.isAfter(firedAt.plus(CLAIMED));
            default -> false;
        };
    }

    public Reminder claimed(String by, Instant now) {
        return handedOver()
                ? untold(by)
                : with(Stage.FIRING, by, now, now.isAfter(at.plus(LATE)), unconfirmed, mistakes, deliveries);
    }

    public boolean claimedBy(String who) {
        return status == Stage.FIRING && who.equals(claim);
    }

    /** True once a channel has it, or refused it for good. */
    boolean handedOver() {
        return !deliveries.isEmpty();
    }

    /** Its stage in the contract's words: {@code firing} is still {@code scheduled} there. */
    Stage shown() {
        Delivery delivery = deliveries.get(LIVE);
        return delivery != null ? delivery.status() : status == Stage.FIRING ? Stage.SCHEDULED : status;
    }

    /** The same at its end, after it was handed over. */
    Reminder ended() {
        return with(shown(), null, firedAt, late, unconfirmed, mistakes, deliveries);
    }

    /** The same while its end must still be told; it is not handed over again. */
    Reminder untold(String by) {
        return with(Stage.FIRING, by, firedAt, late, unconfirmed, mistakes, deliveries);
    }

    public Reminder cancelled() {
        return with(Stage.CANCELLED, null, null, false, false, mistakes, Map.of());
    }

    Reminder byOwnKnowledge() {
        return with(status, claim, firedAt, late, true, mistakes, deliveries);
    }

    Reminder delivered(Instant now) {
        return with(Stage.DELIVERED, null, firedAt, late, unconfirmed, mistakes, delivery(Stage.DELIVERED, now));
    }

    /** The same, to be fired again: a service that the channel needs is away. */
    Reminder postponed() {
        return with(Stage.SCHEDULED, null, null, false, false, mistakes, deliveries);
    }

    /** The same at its new instant: the local time is the same, but the zone's rules have changed. One that was put off stays where it is. */
    Reminder by(Wish wish) {
        Instant moved = snooze == null ? wish.at() : at;
        Snooze put = snooze == null ? null : new Snooze(wish.at(), snooze.order, snooze.since, snooze.nagged);
        return new Reminder(
                id, spec, moved, Stage.SCHEDULED, version, null, null, false, false, mistakes, deliveries, put, posted);
    }

    Reminder asPosted() {
        return new Reminder(
                id, spec, at, status, version, claim, firedAt, late, unconfirmed, mistakes, deliveries, snooze, true);
    }

    /** The same after a channel refused it: it is fired again, a few times. */
    Reminder refused(Instant now) {
        return mistakes + 1 < MOST_MISTAKES
                ? with(Stage.SCHEDULED, null, null, false, false, mistakes + 1, deliveries)
                : with(Stage.FAILED, null, firedAt, late, unconfirmed, mistakes + 1, delivery(Stage.FAILED, now));
    }

    private static Map<String, Delivery> delivery(Stage status, Instant now) {
        return Map.of(LIVE, new Delivery(status, now));
    }

    private Reminder with(
            Stage status,
            @Nullable String claim,
            @Nullable Instant firedAt,
            boolean late,
            boolean unconfirmed,
            int mistakes,
            Map<String, Delivery> deliveries) {
        return new Reminder(
                id, spec, at, status, version, claim, firedAt, late, unconfirmed, mistakes, deliveries, snooze, posted);
    }
}
