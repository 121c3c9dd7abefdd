#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/checkpoint_world.h"
#include "io/fault_destination.h"
#include "io/power_destination.h"
#include "io/publication.h"
#include "thaw/error.h"

namespace thaw::internal {
namespace {

const std::string kReplacedPrefix = kPrefix + ".replaced";

struct Case {
  std::string name;
  Files before;
  bool links = true;
  bool state = true;
  SetShape after() const { return {kNew.version, kNew.shards, kNew.meta, state}; }
};

void PrintTo(const Case& what, std::ostream* out) { *out << what.name; }

Files with_state(Files files) {
  files["models/checkpoint"] = "old state";
  return files;
}

std::vector<Case> cases() {
  return {
      {"nothing", {}},
      {"same_shape", with_state(set_under(kPrefix, {"old", 1, true}))},
      {"other_shards", with_state(set_under(kPrefix, {"old", 3, true}))},
      {"no_meta", set_under(kPrefix, {"old", 1, false})},
      {"no_links", with_state(set_under(kPrefix, {"old", 2, true})), false},
      {"meta_alone", {{kPrefix + ".meta", "old meta"}}},
      {"no_index", {{kPrefix + ".data-00000-of-00002", "old data"}}},
      {"no_state", with_state(set_under(kPrefix, {"old", 1, true, true})), true, false},
      {"neighbours", {{"models/model.ckpt-1.index", "other"}, {"models/.model.ckpt.index", "other"}}},
  };
}

// Files that are no part of the set, its temporaries or the state file.
Files bystanders(const Files& files) {
  Files found;
  for (const auto& [path, content] : files) {
    if (path != "models/checkpoint" && !SetNames(kPrefix).recognise(path.filename().string()))
      found[path] = content;
  }
  return found;
}

Files reference(const Case& what) {
  Files files = set_under(kPrefix, kNew);
  if (what.state) files["models/checkpoint"] = "new state";
  if (!what.state && what.before.contains("models/checkpoint")) files["models/checkpoint"] = "old state";
  files.merge(bystanders(what.before));
  return files;
}

std::string whole_under_either_name(const Files& files) {
  const std::string here = whole_under(files, kPrefix);
  return here == "absent" ? whole_under(files, kReplacedPrefix) : here;
}

// Whatever happened to a run that began with `before`: the old set whole under one of its names, or the new
// one.
void expect_allowed(const Files& before, const Files& now) {
  const std::string old = whole_under_either_name(before);
  EXPECT_THAT(whole_under_either_name(now), testing::AnyOf(old, "new"));
  EXPECT_EQ(bystanders(now), bystanders(before));
}

// A run that only looks and leaves: the leftovers of the killed one must be gone.
void expect_heals(const Files& before, const Files& now) {
  MemoryDestination memory;
  auto destination = std::make_shared<MemoryDestination>();
  destination->files() = now;
  {
    Publication(destination, {.force = true, .sync = true, .stop = {}}).begin_set(kPrefix);
  }
  const Files& healed = destination->files();
  for (const auto& [path, content] : healed) {
    const auto file = SetNames(kPrefix).recognise(path.filename().string());
    EXPECT_TRUE(!file || file->kind == SetFileKind::member) << path << " is left";
  }
  const std::string here = whole_under(healed, kPrefix);
  if (here == "absent") {
    EXPECT_EQ(whole_under(before, kPrefix), "absent");
    for (const auto& [path, content] : members_under(healed, kPrefix)) {
      EXPECT_TRUE(before.contains(path) && before.at(path) == content) << path << " is nobody's";
    }
  } else {
    EXPECT_TRUE(here == "new" || members_under(healed, kPrefix) == members_under(before, kPrefix));
  }
}

void expect_rerun(const Case& what, const Files& now) {
  auto destination = std::make_shared<MemoryDestination>();
  destination->files() = now;
  const bool force = !members_under(what.before, kPrefix).empty() || whole_under(now, kPrefix) == "new";
  publish(destination, kPrefix, what.after(), {.force = force, .sync = true, .stop = {}});
  EXPECT_EQ(destination->files(), reference(what));
}

bool needs_force(const Files& files) { return !members_under(files, kPrefix).empty(); }

// Runs with the fault at operation `at`; false when the run came to its end before.
bool strike(const std::shared_ptr<Destination>& inner, const Case& what, Fault fault, int at, bool force) {
  const auto faulty = std::make_shared<FaultDestination>(inner, fault, at, what.links);
  try {
    publish(faulty, kPrefix, what.after(), {.force = force, .sync = true, .stop = {}});
  } catch (const Death&) {
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::output_io) << error.what();
    EXPECT_NE(fault, Fault::death) << error.what();
  }
  return faulty->struck();
}

// Names and bytes, less the numbers of runs: most ways lead to the same few pictures, and each is checked
// once.
std::string picture(const Files& files) {
  std::string text;
  for (const auto& [path, content] : files) {
    const std::string& name = path.native();
    const std::size_t run = name.find(".thaw-");
    const std::size_t end = name.rfind('.');
    text += name.substr(0, run) + (run == std::string::npos || run == end ? "" : name.substr(end)) + "=" +
            content + "\n";
  }
  return text;
}

class Published : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Sweep, Published, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });

TEST_P(Published, LeavesTheNewSetAndNothingElse) {
  const Files& before = GetParam().before;
  for (const bool sync : {false, true}) {
    auto memory = std::make_shared<MemoryDestination>();
    memory->files() = before;
    publish(std::make_shared<FaultDestination>(memory, Fault::none, 0, GetParam().links), kPrefix,
            GetParam().after(), {.force = needs_force(before), .sync = sync, .stop = {}});
    EXPECT_EQ(memory->files(), reference(GetParam()));
  }
}

TEST_P(Published, KilledAnywhereIsWholeAndHeals) {
  const Files& before = GetParam().before;
  for (int at = 0;; ++at) {
    SCOPED_TRACE("killed at operation " + std::to_string(at));
    auto memory = std::make_shared<MemoryDestination>();
    memory->files() = before;
    if (!strike(memory, GetParam(), Fault::death, at, needs_force(before))) break;
    expect_allowed(before, memory->files());
    expect_heals(before, memory->files());
    expect_rerun(GetParam(), memory->files());
    // Somebody may load it under that name while it has it.
    EXPECT_NE(whole_under(memory->files(), kReplacedPrefix), "mixed");
  }
}

TEST_P(Published, KilledAgainWhileHealingIsWholeAndHeals) {
  const Files& before = GetParam().before;
  std::set<std::string> seen;
  bool more = true;
  for (int first = 0; more; ++first) {
    auto killed = std::make_shared<MemoryDestination>();
    killed->files() = before;
    more = strike(killed, GetParam(), Fault::death, first, needs_force(before));
    for (int second = 0; more; ++second) {
      SCOPED_TRACE("killed at operation " + std::to_string(first) + ", then at " + std::to_string(second));
      auto memory = std::make_shared<MemoryDestination>();
      memory->files() = killed->files();
      if (!strike(memory, GetParam(), Fault::death, second, true)) break;
      expect_allowed(killed->files(), memory->files());
      if (!seen.insert(picture(memory->files())).second) continue;
      expect_heals(before, memory->files());
      if (HasFailure()) return;
    }
  }
}

TEST_P(Published, OneFailureLeavesWhatWasThere) {
  const Files& before = GetParam().before;
  for (int at = 0;; ++at) {
    SCOPED_TRACE("failed at operation " + std::to_string(at));
    auto memory = std::make_shared<MemoryDestination>();
    memory->files() = before;
    if (!strike(memory, GetParam(), Fault::error, at, needs_force(before))) break;
    const Files& now = memory->files();
    if (whole_under(now, kPrefix) == "new") {
      expect_heals(before, now);
      EXPECT_THAT(SetFiles(*memory, SetNames(kPrefix)).temporaries([](const SetFile&) { return true; }),
                  testing::IsEmpty());
    } else if (whole_under(before, kPrefix) == "absent") {
      EXPECT_THAT(before, testing::IsSupersetOf(memory->files()));
    } else {
      EXPECT_EQ(memory->files(), before);
    }
  }
}

TEST_P(Published, AMediumThatKeepsFailingLeavesAWholeSet) {
  const Files& before = GetParam().before;
  for (int at = 0;; ++at) {
    SCOPED_TRACE("fails from operation " + std::to_string(at));
    auto memory = std::make_shared<MemoryDestination>();
    memory->files() = before;
    if (!strike(memory, GetParam(), Fault::errors_from_then_on, at, needs_force(before))) break;
    expect_allowed(before, memory->files());
    expect_heals(before, memory->files());
    expect_rerun(GetParam(), memory->files());
  }
}

TEST_P(Published, PowerLossAnywhereLeavesAWholeSet) {
  const Files& before = GetParam().before;
  for (int at = 0;; ++at) {
    const auto medium = std::make_shared<PowerDestination>(before);
    const bool struck = strike(medium, GetParam(), Fault::death, at, needs_force(before));
    for (const std::size_t kept : medium->choices()) {
      SCOPED_TRACE("power lost at operation " + std::to_string(at) + ", changes kept " +
                   std::to_string(kept));
      const Files now = medium->after_power_loss(kept);
      expect_allowed(before, now);
      expect_heals(before, now);
      if (struck) continue;
      EXPECT_EQ(whole_under(now, kPrefix), "new") << "a run that ended is durable";
      EXPECT_TRUE(!GetParam().state || now.at("models/checkpoint") == "new state");
    }
    if (!struck || HasFailure()) break;
  }
}

// The second run meets what the first had not yet synced when it was killed.
TEST_P(Published, PowerLossWhileHealingLeavesAWholeSet) {
  const Files& before = GetParam().before;
  std::set<std::string> seen;
  for (int first = 0;; ++first) {
    const auto killed = std::make_shared<PowerDestination>(before);
    if (!strike(killed, GetParam(), Fault::death, first, needs_force(before))) break;
    for (int second = 0;; ++second) {
      const auto medium = std::make_shared<PowerDestination>(*killed);
      if (!strike(medium, GetParam(), Fault::death, second, true)) break;
      for (const std::size_t kept : medium->choices()) {
        const Files now = medium->after_power_loss(kept);
        if (!seen.insert(picture(now)).second) continue;
        SCOPED_TRACE("killed at operation " + std::to_string(first) + ", power lost at " +
                     std::to_string(second) + ", changes kept " + std::to_string(kept));
        expect_allowed(before, now);
        expect_heals(before, now);
        if (HasFailure()) return;
      }
    }
  }
}

// The same kills on a real file system, whose rename and link have corners of their own.
TEST_P(Published, KilledAnywhereOnDiskIsWholeAndHeals) {
  for (int at = 0;; ++at) {
    SCOPED_TRACE("killed at operation " + std::to_string(at));
    const TemporaryFolder folder;
    const auto to_disk = [&](const std::filesystem::path& path) { return folder.path() / path.filename(); };
    const std::string prefix = to_disk(kPrefix).string();
    for (const auto& [path, content] : GetParam().before) std::ofstream(to_disk(path)) << content;
    const auto as_in_memory = [&] {
      Files files;
      for (const auto& [path, content] : files_in(folder.path())) files["models" / path.filename()] = content;
      return files;
    };
    const auto faulty =
        std::make_shared<FaultDestination>(posix_destination(), Fault::death, at, GetParam().links);
    const bool force = needs_force(GetParam().before);
    try {
      publish(faulty, prefix, GetParam().after(), {.force = force, .sync = at % 2 == 0, .stop = {}});
    } catch (const Death&) {
    }
    expect_allowed(GetParam().before, as_in_memory());
    // FaultDestination's marks name no process, so to the next run on disk they are dead.
    publish(posix_destination(), prefix, GetParam().after(), {.force = true, .sync = false, .stop = {}});
    EXPECT_EQ(as_in_memory(), reference(GetParam()));
    if (!faulty->struck() || HasFailure()) break;
  }
}

}  // namespace
}  // namespace thaw::internal
