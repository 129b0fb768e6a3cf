[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// They share one cluster, and kill its parts.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
