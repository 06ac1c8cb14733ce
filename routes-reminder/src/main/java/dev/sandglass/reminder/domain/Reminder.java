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
 * @param id that of its specification, see {@link Wish}
 * @param at when it is due
 * @param version of the planned firing, from 1
 * @param claim which replica took it for firing; null unless it is {@code firing}
 * @param firedAt when it was taken for firing, the last time
 * @param late whether that was more than five seconds after {@code at}
 * @param unconfirmed whether it was fired by own knowledge, as <em>task</em> did not answer
 * @param mistakes how often a channel refused it
 * @param deliveries by channel; of one that is {@code firing} only the news of them is missing
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
        Map<String, Delivery> deliveries) {
    /** The one channel there is. */
    public static final String LIVE = "live";

    static final Duration LATE = Duration.ofSeconds(5);
    /** After this long whoever claimed it is taken for dead: longer than a claim, a question and two attempts at the broker take. */
    static final Duration CLAIMED = Duration.ofSeconds(15);

    static final int MOST_MISTAKES = 5;

    /** A channel has it, or refused it for good: {@code delivered} or {@code failed}. */
    public record Delivery(Stage status, Instant at) {}

    /** The first planning of a wish: {@code scheduled}, or {@code cancelled} where its time was past when it was set. */
    static Reminder planned(Wish wish, Instant setAt) {
        return planned(wish, setAt, 1);
    }

    private static Reminder planned(Wish wish, Instant setAt, int version) {
        Stage stage = wish.at().isBefore(setAt) ? Stage.CANCELLED : Stage.SCHEDULED;
        return new Reminder(wish.id(), wish.spec(), wish.at(), stage, version, null, null, false, false, 0, Map.of());
    }

    /** The next planning, for another instant; this one where nothing changes. */
    Reminder plannedAgain(Wish wish, Instant setAt) {
        boolean moved = !wish.at().equals(at);
        boolean revived = status == Stage.CANCELLED && !wish.at().isBefore(setAt);
        return moved || revived ? planned(wish, setAt, version + 1) : this;
    }

    /** True while another planning may take its place: it was never on its way. */
    boolean replaceable() {
        return status == Stage.SCHEDULED || status == Stage.CANCELLED;
    }

    /** True where it is no reminder but the moment its task becomes overdue: told as an event, to no channel and in no answer. */
    public boolean overdue() {
        return id.equals(Wish.OVERDUE);
    }

    /** True while something is still to be done about it. */
    public boolean pending() {
        return status == Stage.SCHEDULED || status == Stage.FIRING;
    }

    /** True where it may be claimed now: due and not taken, or taken by somebody who died. */
    public boolean claimable(Instant now) {
        return switch (status) {
            case SCHEDULED -> !now.isBefore(at);
            case FIRING -> firedAt == null || now.isAfter(firedAt.plus(CLAIMED));
            default -> false;
        };
    }

    public Reminder claimed(String by, Instant now) {
        return handedOver()
                ? with(Stage.FIRING, by, firedAt, late, unconfirmed, mistakes, deliveries)
                : with(Stage.FIRING, by, now, now.isAfter(at.plus(LATE)), unconfirmed, mistakes, deliveries);
    }

    public boolean claimedBy(String who) {
        return status == Stage.FIRING && who.equals(claim);
    }

    /** True once a channel has it, or refused it for good. */
    boolean handedOver() {
        return !deliveries.isEmpty();
    }

    /** Where it stands as the contract has it: what is on its way is still {@code scheduled}. */
    Stage shown() {
        Delivery delivery = deliveries.get(LIVE);
        return delivery != null ? delivery.status() : status == Stage.FIRING ? Stage.SCHEDULED : status;
    }

    /** How it ended, of one that was handed over before. */
    Reminder ended() {
        return with(shown(), null, firedAt, late, unconfirmed, mistakes, deliveries);
    }

    /** Still to be told how it ended, and not to be handed over again. */
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

    /** Back to be fired again: what the channel stands on is away. */
    Reminder postponed() {
        return with(Stage.SCHEDULED, null, null, false, false, mistakes, deliveries);
    }

    /** To be fired at the instant that is meant now: the local time is the same, the zone's rules are not. */
    Reminder by(Wish wish) {
        return new Reminder(
                id, spec, wish.at(), Stage.SCHEDULED, version, null, null, false, false, mistakes, deliveries);
    }

    /** The channel made a mistake of it: to be fired again, a few times. */
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
        return new Reminder(id, spec, at, status, version, claim, firedAt, late, unconfirmed, mistakes, deliveries);
    }
}
