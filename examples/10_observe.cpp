// Figures for Prometheus, and a span for every call: the hook that OpenTelemetry needs.
#include <semantrix/blocking_store.hpp>
#include <semantrix/call_observer.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/metrics_server.hpp>

#include <iostream>
#include <memory>

// Where this prints, a program with OpenTelemetry ends a span: `begins` starts it, within the
// caller's context, and gives it back; its name is the verb, its duration the call's, and
// db.system.name, semantrix.keys, semantrix.found and error.type are its attributes.
class Spans final : public semantrix::CallObserver {
 public:
  void ended(const semantrix::CallRecord& call,
             const std::shared_ptr<void>& /*begun*/) noexcept override {
    std::cout << call.store << ' ' << call.verb << ": " << call.found << " of " << call.keys
              << (call.error != nullptr ? " failed" : "") << '\n';
  }
};

int main() {
  auto memory = std::make_shared<semantrix::InMemoryStore>();
  auto measured = std::make_shared<semantrix::MetricsLayer>(memory, std::make_shared<Spans>());

  // http://127.0.0.1:PORT/metrics, for Prometheus, or for `semantrix top` of that URL.
  semantrix::MetricsServer server(measured, {.port = 0});
  const auto port = server.start();
  std::cout << "listens: " << (port != 0 ? "yes" : "no") << '\n';

  semantrix::BlockingStore store(measured);
  store.add("prompt", "answer");
  (void)store.get_exact("prompt");
  (void)store.batch_get({"prompt", "another"});
}

//> listens: yes
//> memory add: 1 of 1
//> memory get_exact: 1 of 1
//> memory batch_get: 1 of 2
