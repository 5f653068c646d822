"""What any application of this kind would need: nothing here knows a resident, a council or a policy."""
