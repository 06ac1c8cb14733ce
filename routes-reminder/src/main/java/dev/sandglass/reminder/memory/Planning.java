package dev.sandglass.reminder.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.FollowZoneRules;
import dev.sandglass.reminder.domain.PlanReminders;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Effects;
import dev.sandglass.support.domain.Event;
import dev.sandglass.support.domain.Heard;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.camel.Body;

/** Plans by this replica's clock and time zone rules. */
@Singleton
@Named("planning")
public class Planning implements Effects<List<Alarm>> {
    private static final String RULES = ZoneRulesProvider.getVersions("UTC").lastKey();

    private final Clock clock;
    private final Posts posts;

    Planning(Clock clock, Posts posts) {
        this.clock = clock;
        this.posts = posts;
    }

    /** At the instant of each try: what is fetched first may take so long that the sweep has passed the one of the beginning. */
    private PlanReminders now() {
        return new PlanReminders(clock.instant(), posts.hasChannels());
    }

    @Override
    public Set<String> keys(List<JsonNode> changes) {
        return now().keys(changes);
    }

    @Override
    public Accepted<List<Alarm>> of(
            Documents documents, SortedMap<String, List<JsonNode>> next, SortedMap<String, List<JsonNode>> repeated) {
        return now().of(documents, next, repeated);
    }

    public Heard<List<Alarm>> heard(@Body List<Event> events) {
        return PlanReminders.heard(events, this);
    }

    /** @param lists list to the number of the last change that the ledger has */
    public Heard<List<Alarm>> behind(@Body Map<String, Long> lists) {
        Heard<List<Alarm>> heard = new Heard<>(this);
        lists.forEach(heard::upTo);
        return heard;
    }

    public static Decision<Boolean> newerRules() {
        return FollowZoneRules.newer(RULES);
    }

    public static Decision<Boolean> rulesFollowed() {
        return FollowZoneRules.followed(RULES);
    }
}
