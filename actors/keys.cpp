#include "actors/keys.hpp"

#include "cdp/transport/private_path.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace berth::actors {

using namespace protocol;

namespace {

using digest = std::array<uint8_t, 32>;

/// One key is never used for two purposes, even if two files are the same.
constexpr std::string_view for_leases = "berth lease 1";
constexpr std::string_view for_operators = "berth operator 1";

/// A file that is closed with this object.
class opened {
public:
  explicit opened(int fd) : fd_{fd} {
    // nop
  }

  ~opened() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  opened(const opened&) = delete;
  opened& operator=(const opened&) = delete;

  int fd() const {
    return fd_;
  }

private:
  int fd_;
};

/// Why it is no key that can be trusted; none: it is one.
std::optional<std::string> load(const std::string& path, secret_key& out) {
  // A pipe of that name must not keep us waiting.
  opened file{
    ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (file.fd() < 0)
    return std::strerror(errno);
  struct stat about {};
  if (::fstat(file.fd(), &about) != 0)
    return std::strerror(errno);
  if (!S_ISREG(about.st_mode))
    return "not a regular file";
  // Root, too, uses no key that somebody else has made and knows.
  if (about.st_uid != ::geteuid())
    return "it belongs to uid " + std::to_string(about.st_uid);
  if ((about.st_mode & 077) != 0)
    return "others than its owner may read it; chmod 600 it";
  std::array<uint8_t, sizeof(secret_key) + 1> bytes{};
  if (::read(file.fd(), bytes.data(), bytes.size()) != sizeof(secret_key))
    return "it does not have 32 bytes";
  std::copy_n(bytes.begin(), out.size(), out.begin());
  if (out == secret_key{})
    return "it is all zero";
  return std::nullopt;
}

bool fill(secret_key& out) {
  size_t done = 0;
  while (done < out.size()) {
    auto got = ::getrandom(out.data() + done, out.size() - done, 0);
    if (got < 0 && errno != EINTR)
      return false;
    done += got > 0 ? static_cast<size_t>(got) : 0;
  }
  return true;
}

bool write_new(const std::string& path, const secret_key& what) {
  return cdp::replace_private(
    path, {reinterpret_cast<const char*>(what.data()), what.size()});
}

/// HMAC-SHA256 with one key after another. Each command is proved with the
/// same one, so what was prepared for it is kept.
class signer {
public:
  digest sign(const secret_key& with, std::string_view text) {
    digest result{};
    size_t length = 0;
    // Of a proof that was not made nothing may be compared.
    if (!begin(with)
        || !EVP_MAC_update(context_.get(),
                           reinterpret_cast<const unsigned char*>(text.data()),
                           text.size())
        || !EVP_MAC_final(context_.get(), result.data(), &length, result.size())
        || length != result.size()) {
      prepared_ = false;
      throw std::runtime_error{"no HMAC-SHA256 can be made"};
    }
    return result;
  }

private:
  struct free_it {
    void operator()(EVP_MAC* x) const {
      EVP_MAC_free(x);
    }

    void operator()(EVP_MAC_CTX* x) const {
      EVP_MAC_CTX_free(x);
    }
  };

  bool begin(const secret_key& with) {
    if (std::exchange(prepared_, true) && with == key_)
      return EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1;
    if (!context_ && hmac_)
      context_.reset(EVP_MAC_CTX_new(hmac_.get()));
    key_ = with;
    std::string name{"SHA256"};
    std::array<OSSL_PARAM, 2> how{
      OSSL_PARAM_construct_utf8_string("digest", name.data(), 0),
      OSSL_PARAM_construct_end()};
    return context_
           && EVP_MAC_init(context_.get(), key_.data(), key_.size(), how.data())
                == 1;
  }

  std::unique_ptr<EVP_MAC, free_it> hmac_{
    EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  std::unique_ptr<EVP_MAC_CTX, free_it> context_;
  secret_key key_{};
  bool prepared_ = false; ///< The context has this key.
};

class message {
public:
  explicit message(std::string_view purpose) : text_{purpose} {
    text_ += '\0';
  }

  message& operator<<(uint64_t x) {
    for (int i = 56; i >= 0; i -= 8)
      text_ += static_cast<char>(x >> i & 0xff);
    return *this;
  }

  digest signed_with(const secret_key& key) const {
    thread_local signer mine;
    return mine.sign(key, text_);
  }

private:
  std::string text_;
};

} // namespace

std::string lease_key_path(const std::string& state_dir) {
  return state_dir + "/lease.key";
}

std::string operator_key_path(const std::string& state_dir) {
  return state_dir + "/operator.key";
}

outcome<secret_key> make_key(const std::string& path) {
  secret_key result{};
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0 && errno == ENOENT) {
    if (!fill(result) || !write_new(path, result))
      return fail(errno == ENOSPC || errno == EDQUOT ? errc::journal_failed
                                                     : errc::invalid_argument,
                  "The key '" + path
                    + "' cannot be made: " + std::strerror(errno) + ".");
    return result;
  }
  if (auto why = load(path, result))
    return fail(errc::invalid_argument,
                "The key '" + path + "' cannot be used: " + *why
                  + ". If it cannot be mended, remove it: another one is made, "
                    "and what the old one has signed opens nothing any more.");
  return result;
}

outcome<secret_key> read_key(const std::string& path) {
  secret_key result{};
  if (auto why = load(path, result))
    return fail(errc::client_rights, "The operator's key '" + path
                                       + "' cannot be read: " + *why + ".");
  return result;
}

outcome<daemon_keys> make_keys(const std::string& state_dir) {
  auto lease = make_key(lease_key_path(state_dir));
  if (!lease)
    return lease.error();
  auto operator_ = make_key(operator_key_path(state_dir));
  if (!operator_)
    return operator_.error();
  return daemon_keys{*lease, *operator_};
}

lease_credential prove(const secret_key& with, lease_ref x) {
  message what{for_leases};
  what << x.lease.value << x.token.epoch << x.token.sequence;
  auto whole = what.signed_with(with);
  lease_credential result{x};
  std::copy_n(whole.begin(), result.proof.bytes.size(),
              result.proof.bytes.begin());
  return result;
}

bool proves(const secret_key& with, const lease_credential& x) {
  auto right = prove(with, x.ref);
  return CRYPTO_memcmp(right.proof.bytes.data(), x.proof.bytes.data(),
                       x.proof.bytes.size())
         == 0;
}

operator_proof prove(const secret_key& with, const client_secret& x) {
  message what{for_operators};
  what << x.high << x.low;
  return {what.signed_with(with)};
}

bool proves(const secret_key& with, const client_secret& x,
            const operator_proof& shown) {
  auto right = prove(with, x);
  return CRYPTO_memcmp(right.bytes.data(), shown.bytes.data(),
                       shown.bytes.size())
         == 0;
}

failure wrong_credential(lease_ref which) {
  return fail(errc::wrong_credential,
              "The credential that was shown does not open lease "
                + to_string(which) + ".");
}

} // namespace berth::actors
