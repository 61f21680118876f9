// A plugin that keeps the checks of clang-tidy to what is written here. Without it they also walk
// through all that system headers declare, which takes most of the time, for findings that nobody
// is shown.
#include <clang/AST/ASTConsumer.h>
#include <clang/AST/ASTContext.h>
#include <clang/Frontend/FrontendPluginRegistry.h>

#include <memory>
#include <string>
#include <vector>

namespace {

class Scope : public clang::ASTConsumer {
 public:
  void HandleTranslationUnit(clang::ASTContext& context) override {
    const auto& sources = context.getSourceManager();
    std::vector<clang::Decl*> ours;
    for (clang::Decl* declared : context.getTranslationUnitDecl()->decls()) {
      const auto place = sources.getExpansionLoc(declared->getLocation());
      if (!sources.isInSystemHeader(place)) ours.push_back(declared);
    }
    context.setTraversalScope(ours);
  }
};

class ScopeAction : public clang::PluginASTAction {
 protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&,
                                                        llvm::StringRef) override {
    return std::make_unique<Scope>();
  }
  bool ParseArgs(const clang::CompilerInstance&, const std::vector<std::string>&) override {
    return true;
  }
  ActionType getActionType() override { return AddBeforeMainAction; }
};

const clang::FrontendPluginRegistry::Add<ScopeAction> registered("tidy-scope", "skips systems");

}  // namespace
