package dev.sandglass.reminder.memory;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.FollowZoneRules;
import dev.sandglass.reminder.domain.PlanReminders;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Event;
import dev.sandglass.support.domain.Heard;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;

/** Plans by this replica's clock and time zone rules. */
@Singleton
@Named("planning")
public class Planning {
    private static final String RULES = ZoneRulesProvider.getVersions("UTC").lastKey();

    private final Clock clock;
    private final PlanReminders plan;

    Planning(Clock clock) {
        this.clock = clock;
        this.plan = new PlanReminders(clock::instant);
    }

    public Heard<List<Alarm>> heard(@Body List<Event> events) {
        return plan.heard(events);
    }

    /** @param lists list to the number of the last change that the ledger has */
    public Heard<List<Alarm>> behind(@Body Map<String, Long> lists) {
        Heard<List<Alarm>> heard = new Heard<>(plan);
        lists.forEach(heard::upTo);
        return heard;
    }

    public static Decision<Boolean> newerRules() {
        return FollowZoneRules.newer(RULES);
    }

    public Decision<Read<List<List<Alarm>>>> byRulesOfNow(@Body List<String> tasks) {
        return FollowZoneRules.plan(tasks, clock.instant());
    }

    public static Decision<Boolean> rulesFollowed() {
        return FollowZoneRules.followed(RULES);
    }
}
