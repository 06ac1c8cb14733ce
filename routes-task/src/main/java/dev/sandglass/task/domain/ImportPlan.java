package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.task.domain.StoredChange.Span;
import dev.sandglass.task.domain.imports.OwnSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The plan of an import: all that a file is to become, under {@code import/<user>/<id>}, for a day.
 *
 * @param v schema version of the stored value
 * @param lists that tasks go to, to be made where they are not there
 * @param filters to be saved
 * @param settings of the user that an archive is of; null: it is none
 * @param parts how many {@link ImportPart}s there are
 * @param failed how many entries become nothing
 * @param last the last change that was made of it, where it is not made to its end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImportPlan(
        int v,
        List<Destination> lists,
        List<SavedFilters.Saved> filters,
        @Nullable OwnSettings settings,
        int parts,
        int failed,
        @Nullable Span last) {
    /**
     * A list that tasks go to.
     *
     * @param id it has, or gets
     * @param exact whether a list of another case is another list, as in an archive
     */
    public record Destination(
            String id, String name, boolean exact, SortedSet<LocalDate> daysOff, List<String> reminders) {
        public Destination {
            reminders = List.copyOf(reminders);
            daysOff = Collections.unmodifiableSortedSet(new TreeSet<>(daysOff));
        }

        Destination at(String place) {
            return new Destination(place, name, exact, daysOff, reminders);
        }

        private Predicate<PreviewImport.Named> named() {
            String folded = PreviewImport.folded(name);
            return list -> exact ? list.name().equals(name) : list.folded().equals(folded);
        }
    }

    public ImportPlan {
        lists = List.copyOf(lists);
        filters = List.copyOf(filters);
    }

    ImportPlan going(@Nullable Span on) {
        return new ImportPlan(v, lists, filters, settings, parts, failed, on);
    }

    /** The user's lists that these are, by the ids of these: of one id, else one of that name that they write in, each of them once. */
    static Map<String, String> there(List<Destination> wanted, List<PreviewImport.Named> lists) {
        Map<String, String> there = new HashMap<>();
        List<PreviewImport.Named> free = new ArrayList<>(lists);
        for (Destination one : wanted) {
            if (free.removeIf(list -> list.id().equals(one.id()))) {
                there.put(one.id(), one.id());
            }
        }
        for (Destination one : wanted) {
            Optional<PreviewImport.Named> named = free.stream()
                    .filter(list -> !there.containsKey(one.id()) && list.writes() && !list.inbox())
                    .filter(one.named())
                    .findFirst();
            named.ifPresent(list -> {
                free.remove(list);
                there.put(one.id(), list.id());
            });
        }
        return there;
    }
}
