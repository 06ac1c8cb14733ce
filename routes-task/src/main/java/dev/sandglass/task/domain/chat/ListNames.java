package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.finding.Folding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lists of a user, by what they may be called. */
public final class ListNames {
    public static final ListNames NONE = new ListNames(List.of());

    /** The characters a name has more where it is quoted, and its spaces are doubled. */
    private static final int MORE = 10;

    private final int longest;
    private final Map<String, ListName> byId = new HashMap<>();
    private final Map<String, List<ListName>> byName = new HashMap<>();

    public ListNames(List<ListName> lists) {
        longest = MORE
                + lists.stream()
                        .mapToInt(it -> Math.max(it.id().length(), it.name().length()))
                        .max()
                        .orElse(0);
        for (var list : lists) {
            byId.put(list.id(), list);
            byName.computeIfAbsent(Folding.fold(list.name()).strip(), it -> new ArrayList<>())
                    .add(list);
        }
    }

    List<String> names() {
        return byId.values().stream().map(ListName::name).sorted().toList();
    }

    /** No more characters than that name a list. */
    int longest() {
        return longest;
    }

    /** The list with that id; else those with exactly that name; else those whose name search takes for the same. */
    public List<ListName> called(String words) {
        var named = byId.get(words);
        if (named != null) {
            return List.of(named);
        }
        var alike = byName.getOrDefault(Folding.fold(words).strip(), List.of());
        var same = alike.stream().filter(it -> it.name().equals(words)).toList();
        return same.isEmpty() ? alike : same;
    }
}
