// One agent of a swarm: it acquires, drives, renews and releases as it was
// meant to, or dies, falls silent and shows tokens that are not its own.

#pragma once

#include "scenarios/talker.hpp"

#include <list>
#include <string>

namespace berth::scenarios {

/// What the seed made of an agent.
struct character {
  acquire wants;
  bool silent = false;   ///< Sends no heartbeats.
  double deadliness = 0; ///< How likely it dies in a turn.
  double mischief = 0;   ///< How likely it shows a wrong token.
  double pace = 1;       ///< How likely it uses its berth in a turn.
  bool talks = false;    ///< It has conversations, and no berth of its own.
};

character draw_character(tests::world& world, size_t keys);

class agent {
public:
  agent(const scene& where, invariants& law, uint64_t number, character nature);

  /// Takes what was answered since the last turn, and does the next thing.
  void turn(mood how);

  /// How often it got a berth, or a whole answer.
  size_t served() const {
    return served_ + talks_.served();
  }

  /// It has nothing, waits for nothing, and has said goodbye.
  bool gone() const {
    return gone_;
  }

  // -- mishaps ----------------------------------------------------------------

  /// It is connected, and nothing is wrong with it.
  bool present() const;

  void flood();
  void stutter();
  void freeze(duration how_long);
  void lose_connection();
  void lose_client();

  /// Those under way need not be answered: its own end of the connection
  /// would say that they are late.
  void forgive_commands();

private:
  struct stillness {
    timestamp until;
    timestamp noticed; ///< Then the daemon takes it for dead.
  };

  /// A command, and the lease that it was shown for.
  struct open_command {
    lease_ref shown;
    tests::asked<answer> got;
  };

  struct release {
    lease_ref shown;
    tests::asked<tests::nothing> got;
  };

  template <class Command>
  void give(const char* what, const Command& x);

  void live(mood how);
  void talk(mood how);
  void die();
  void come_back();
  void say_goodbye();
  void join();
  void rejoin();
  bool is_frozen();
  void forget_questions();
  tests::asked<grant> ask_berth(mood how);
  void give_back(lease_ref which);
  void take_spares();
  void drive(mood how);
  void renew();
  void do_something(mood how);
  void do_mischief();
  void recover();
  void run_script(lease_ref shown);
  timestamp since(const tests::any_question& x) const;
  void take_grant();
  void take_release();
  void take_renewal();
  void take_list();
  void take_answers();
  void take_answer(const open_command& x);
  void let_go();

  bool chance(double p);

  scene where_;
  invariants& law_;
  uint64_t number_;
  character nature_;
  tests::guest self_;
  inquirer asks_{where_, law_, self_};
  talker talks_{where_, law_, asks_, self_.name()};
  uint64_t lives_ = 0; ///< How many clients it has been.
  size_t served_ = 0;
  size_t turns_held_ = 0;
  uint64_t scripts_ = 0;
  bool tab_is_lost_ = false;
  bool gone_ = false;
  std::optional<stillness> frozen_;
  std::optional<grant> held_;
  timestamp next_renewal_;
  tests::asked<grant> acquiring_;
  tests::asked<duration> renewing_;
  tests::asked<status> listing_;
  std::list<open_command> commands_;
  std::list<tests::asked<grant>> spares_; ///< More than it needs.
  release given_back_;                    ///< The last one.
};

} // namespace berth::scenarios
