[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Most of these tests wait for processes rather than compute; more at a time than this would disturb their deadlines.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
