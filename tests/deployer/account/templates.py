"""Templates of a service, as small as they can be."""

WEB = """
Resources:
  Definition: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: "4096"}}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Definition
      CapacityProviderStrategy: [{CapacityProvider: PROVIDER}]
      DeploymentConfiguration: {MaximumPercent: MAXIMUM}
"""
