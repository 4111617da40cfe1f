import Foundation
import Testing

/// Runs a suite on threads of its own. These tests mostly wait for programs: with twice as many as there are cores no
/// core is idle, and the usual threads, one for each core, stay free for tests that compute.
struct Threads: SuiteTrait, TestScoping {
  private static let workers = Workers()

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(Self.workers) { try await function() }
  }
}

extension Trait where Self == Threads {
  /// The tests of this suite wait for programs.
  static var threads: Self { Threads() }
}

private final class Workers: TaskExecutor {
  private let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount * 2
    return queue
  }()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    queue.addOperation { job.runSynchronously(on: executor) }
  }
}
